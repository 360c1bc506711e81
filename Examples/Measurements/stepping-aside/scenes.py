"""Calls in which warping fails, made from clips of talking heads: cuts, a cup and a hand before the face, slides, a person who leaves, a camera that
pans from one person to another, a second face, and the heads that turn furthest.

usage: scenes.py --clips FOLDER --out FOLDER [--count N] [--kinds cut,cup,...]      N of each kind (3 without it); needs av, numpy, opencv
       turned heads are found by their landmarks: --landmarks mtcnn.safetensors (needs torch, and Training on PYTHONPATH)

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


def panning(left, right):
    """The camera turns from one person to the other within a second and a half, and back."""
    for index in range(len(left)):
        time = index / RATE
        way = np.clip((time - 4) / 1.5, 0, 1) - np.clip((time - 9) / 1.5, 0, 1)
        shift = int(round((3 - 2 * way) * way * way * SIDE))
        wide = np.concatenate([left[index], right[index]], axis=1)
        # The edge between two rooms, softened.
        wide[:, SIDE - 8:SIDE + 8] = cv2.GaussianBlur(wide[:, SIDE - 24:SIDE + 24], (31, 1), 0)[:, 16:32]
        left[index] = wide[:, shift:shift + SIDE].copy()
    return left, [(5.5, "another person"), (10.5, "the first person again")]


def joined(frames, others):
    """Somebody else comes up beside the person for four seconds."""
    mask = np.zeros((SIDE, SIDE), np.float32)
    cv2.ellipse(mask, (64, 62), (56, 62), 0, 0, 360, 1, -1)
    cv2.rectangle(mask, (10, 96), (118, 128), 1, -1)
    mask = cv2.GaussianBlur(mask, (9, 9), 0)
    for index in range(4 * RATE, 9 * RATE):
        time = index / RATE - 4
        way = min(1, time / 0.8, (5 - time) / 0.8)
        layer = np.zeros((SIDE, SIDE, 3), np.float32)
        layer[:128, :128] = cv2.resize(others[index], (128, 128), interpolation=cv2.INTER_AREA)
        move = np.float32([[1, 0, SIDE - 124 * way], [0, 1, 124]])
        frames[index] = blend(frames[index], cv2.warpAffine(layer, move, (SIDE, SIDE)), cv2.warpAffine(mask, move, (SIDE, SIDE)))
    return frames, [(4.8, "a second face"), (9, "is gone")]


def turns(frames, detector):
    """How far the head is turned in each picture: where the nose lies between the eyes, 0 in the middle, in distances of the eyes at their widest."""
    import torch
    pictures = torch.from_numpy(np.stack(frames)).permute(0, 3, 1, 2).float() / 255
    points = np.concatenate([detector(part).numpy() for part in pictures.split(16)])
    eyes, nose = points[:, :2, 0], points[:, 2, 0]
    wide = np.nanpercentile(np.abs(eyes[:, 1] - eyes[:, 0]), 95)
    return (nose - eyes.mean(1)) / wide


def turning(frames, detector):
    """Nothing but the clip; the events are when the head has turned by most of how far it turns, and when it is back."""
    angles = turns(frames, detector)
    angles = np.interp(np.arange(len(angles)), np.flatnonzero(np.isfinite(angles)), angles[np.isfinite(angles)])
    away = np.abs(angles - angles[:5].mean())
    largest, events, turned = away.max(), [], False
    for index in range(len(away)):
        if not turned and away[index] > 0.7 * largest or turned and away[index] < 0.3 * largest:
            turned = not turned
            events.append((index / RATE, "is turned" if turned else "is back"))
    return frames, events[:6]


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
    parser.add_argument("--kinds", default="cup,hand,slide,leave,cut,pan,two,turn")
    parser.add_argument("--landmarks", type=pathlib.Path)
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    wanted = arguments.kinds.split(",")
    paths = sorted(arguments.clips.rglob("*.mp4"))
    # One of each person: clips of one person have the same letters before the line.
    people = {path.stem.split("_")[0]: path for path in reversed(paths)}
    chosen = [people[name] for name in sorted(people)]
    step = max(1, len(chosen) // arguments.count)
    for number in range(arguments.count):
        place = number * step
        path = chosen[place % len(chosen)]
        frames = read(path)
        other = lambda offset, seconds: bounced(read(chosen[(place + offset) % len(chosen)]), seconds)
        kinds = {
            "cup": lambda: before_the_face(bounced(frames, 12), cup), "hand": lambda: before_the_face(bounced(frames, 12), hand),
            "slide": lambda: slides(bounced(frames, 14)), "leave": lambda: leaving(bounced(frames, 14)),
            "cut": lambda: (sum([other(offset, 5) for offset in (0, 1, 2)], []), [(5, "another person"), (10, "another person")]),
            "pan": lambda: panning(bounced(frames, 14), other(1, 14)), "two": lambda: joined(bounced(frames, 13), other(1, 13)),
        }
        for kind, make in kinds.items():
            if kind in wanted:
                write(arguments.out / f"{kind}-{path.stem}.mp4", *make())
    if "turn" in wanted and arguments.landmarks:
        from landmarks import LandmarkDetector
        detector = LandmarkDetector(str(arguments.landmarks))
        # The clips whose heads turn most within what is seen of them.
        ranges = {path: np.nanmax(angles) - np.nanmin(angles) for path in chosen for angles in [turns(read(path)[::8], detector)]}
        for path in sorted(ranges, key=lambda path: -ranges[path])[:arguments.count]:
            write(arguments.out / f"turn-{path.stem}.mp4", *turning(bounced(read(path), 14), detector))


main()
