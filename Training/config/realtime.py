"""The configuration that ships: 256x256, at most 25 ms a picture with three sources on one core in bf16.

Hardware: two CPU cores with AVX-512 bf16 (0.9 s for a step of 8 samples when nothing else runs), or a GPU. Duration, from nothing: 4 minutes of `--stage keypoints`, 21 of `--stage attention`, then all of it, of which the
shipped weights have had some nine hours beside other programs (`MODEL_CARD.md`). To expect on the test clips, LPIPS (AlexNet) with 1 / 3 sources: .132 / .079 after the first hour of all, .125 / .074 after six; .125 / .064 since each picture is
rebuilt from the nearest sources (`nearest.py`), which took no training.
"""
from config.base import Configuration, Training

configuration = Configuration(extra_values=0)
"""The extra keys' values gained nothing (`Examples/Measurements/ablations`), and take .6 ms a picture."""
training = Training()
