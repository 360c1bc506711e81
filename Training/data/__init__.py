"""Training pictures: `prepare` turns a folder of videos into arrays, `clips` draws samples from them."""
