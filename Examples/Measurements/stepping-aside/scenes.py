"""Calls in which warping fails, made from clips of talking heads: cuts, a cup and a hand before the face, slides, a person who leaves.

usage: scenes.py --clips FOLDER --out FOLDER [--count N]      N of each kind (3 without it); needs av, numpy, opencv

Each KIND-NAME.mp4 (256x256, 25 pictures a second, nearly lossless) has a KIND-NAME.json beside it: the seconds at which something
else is seen, and what.
"""
import argparse
import json
import pathlib

import av
import cv2
import numpy as np

SIDE, RATE = 256, 25


def read(path):
    with av.open(str(path)) as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return [cv2.resize(frame, (SIDE, SIDE), interpolation=cv2.INTER_AREA) if frame.shape[0] != SIDE else frame for frame in frames]


def bounced(frames, seconds):
    """Forth and back until it lasts so long."""
    turn = max(1, len(frames) - 1)
    places = [index % (2 * turn) for index in range(int(seconds * RATE))]
    return [frames[min(place, 2 * turn - place)].copy() for place in places]


def blend(frame, layer, mask):
    return (frame * (1 - mask[..., None]) + layer * mask[..., None]).astype(np.uint8)


def cup(at):
    """A mug with stripes: a picture and a mask, its middle at `at`."""
    layer, mask = np.zeros((SIDE, SIDE, 3), np.float32), np.zeros((SIDE, SIDE), np.float32)
    x, y = map(int, at)
    cv2.ellipse(mask, (x + 44, y), (26, 30), 0, 0, 360, 1, 12)
    cv2.rectangle(mask, (x - 38, y - 48), (x + 38, y + 48), 1, -1)
    rows = np.arange(SIDE)[:, None] - y
    columns = np.arange(SIDE)[None, :] - x
    light = np.clip(1.1 - np.abs(columns + 12) / 70, 0.35, 1.1)
    stripe = (np.abs(rows) % 24 < 8)[..., None]
    layer[:] = np.where(stripe, (200, 60, 50), (235, 230, 215)) * light[..., None]
    return np.clip(layer, 0, 255), cv2.GaussianBlur(mask, (3, 3), 0)


def hand(at):
    """A palm and five fingers, the colour of skin and shaded."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    x, y = map(int, at)
    cv2.ellipse(mask, (x, y), (34, 40), 0, 0, 360, 1, -1)
    for angle, length in ((-38, 62), (-16, 84), (2, 90), (20, 82), (62, 58)):
        turn = np.deg2rad(angle)
        tip = (int(x + length * np.sin(turn)), int(y - length * np.cos(turn)))
        cv2.line(mask, (x, y), tip, 1, 17)
    cv2.rectangle(mask, (x - 20, y + 20), (x + 20, SIDE), 1, -1)
    shade = cv2.GaussianBlur(mask, (31, 31), 0)
    layer = np.array((224, 172, 140), np.float32) * (0.45 + 0.55 * shade[..., None])
    return layer, cv2.GaussianBlur(mask, (3, 3), 0)


def before_the_face(frames, draw):
    """From the fourth to the eighth second something comes up, sways before the face, and goes."""
    for index in range(4 * RATE, 8 * RATE):
        time = index / RATE - 4
        rise = min(1, time / 0.6, (4 - time) / 0.6)
        at = (128 + 34 * np.sin(2.2 * time), 360 - 220 * rise + 12 * np.cos(3.1 * time))
        frames[index] = blend(frames[index], *draw(at))
    return frames, [(4.4, "is before the face"), (8, "is gone")]


def page(title, lines):
    image = np.full((SIDE, SIDE, 3), 250, np.uint8)
    cv2.rectangle(image, (0, 0), (SIDE, 34), (40, 70, 130), -1)
    cv2.putText(image, title, (10, 24), cv2.FONT_HERSHEY_SIMPLEX, 0.62, (255, 255, 255), 1, cv2.LINE_AA)
    for row, line in enumerate(lines):
        cv2.putText(image, line, (14, 62 + 26 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (20, 20, 20), 1, cv2.LINE_AA)
    return image


def slides(frames):
    """Two pages between the fourth and the tenth second, a bar that grows on the second."""
    first = page("Results", ["Revenue rose by 12 percent", "Costs fell by 3 percent", "Two new offices", "Plan for next year:", "hire five people", "open a laboratory"])
    second = page("Next steps", ["1. Write to the board", "2. Sign the contract", "3. Move in March", "", "", ""])
    for index in range(4 * RATE, 7 * RATE):
        frames[index] = first.copy()
    for index in range(7 * RATE, 10 * RATE):
        frames[index] = second.copy()
        cv2.rectangle(frames[index], (20, 190), (20 + 2 * (index - 7 * RATE), 220), (200, 80, 40), -1)
    return frames, [(4, "a page"), (7, "another page"), (10, "the face again")]


def leaving(frames):
    """The person slides out of the picture to the left, three seconds of room without them, and back in."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(mask, (128, 120), (116, 130), 0, 0, 360, 1, -1)
    cv2.rectangle(mask, (16, 180), (240, SIDE), 1, -1)
    mask = cv2.GaussianBlur(mask, (21, 21), 0)
    middle = np.median(np.stack(frames[::10]), axis=0)
    left, right = middle[:, :8].mean(1), middle[:, -8:].mean(1)
    share = np.linspace(0, 1, SIDE)[None, :, None]
    room = cv2.GaussianBlur((left[:, None] * (1 - share) + right[:, None] * share).astype(np.float32), (9, 9), 0)
    room += np.random.default_rng(1).normal(0, 3, room.shape)
    for index in range(4 * RATE, 10 * RATE):
        time = index / RATE - 4
        way = min(1, time, max(0, (6 - time)))
        shift = np.float32([[1, 0, -300 * way], [0, 1, 0]])
        person = cv2.warpAffine(frames[index], shift, (SIDE, SIDE))
        moved = cv2.warpAffine(mask, shift, (SIDE, SIDE))
        behind = frames[index] * (1 - mask[..., None]) + room * mask[..., None]
        frames[index] = blend(np.clip(behind, 0, 255), person.astype(np.float32), moved)
    return frames, [(4.5, "leaves"), (9.5, "is back")]


def write(path, frames, events):
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE)
        stream.width = stream.height = SIDE
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "6", "preset": "veryfast"}
        for frame in frames:
            for packet in stream.encode(av.VideoFrame.from_ndarray(frame, format="rgb24")):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    path.with_suffix(".json").write_text(json.dumps({"events": events}) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=pathlib.Path, required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--count", type=int, default=3)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    paths = sorted(arguments.clips.rglob("*.mp4"))
    # One of each person: clips of one person have the same letters before the line.
    people = {path.stem.split("_")[0]: path for path in reversed(paths)}
    chosen = [people[name] for name in sorted(people)]
    step = max(1, len(chosen) // arguments.count)
    for number in range(arguments.count):
        place = number * step
        path = chosen[place % len(chosen)]
        frames = read(path)
        long = bounced(frames, 14)
        kinds = {
            "cup": lambda: before_the_face(bounced(frames, 12), cup), "hand": lambda: before_the_face(bounced(frames, 12), hand),
            "slide": lambda: slides(bounced(frames, 14)), "leave": lambda: leaving([frame.copy() for frame in long]),
        }
        for kind, make in kinds.items():
            write(arguments.out / f"{kind}-{path.stem}.mp4", *make())
        others = [bounced(read(chosen[(place + offset) % len(chosen)]), 5) for offset in (0, 1, 2)]
        write(arguments.out / f"cut-{path.stem}.mp4", sum(others, []), [(5, "another person"), (10, "another person")])


main()
