"""Optical flow between two pictures of a clip, where it can be trusted: a second teacher, for hair, shoulders and background, which the face mesh does not cover.

python -m data.flow --prepared FOLDER

computes it once for each picture of each prepared clip and a few others of that clip, its partners: `partners` [n, k] and `flow` [n, k, 2, 64, 64] in half precision. Sources are then drawn among the driving
picture's partners. That takes 1.3 s and 6 MB for a clip of 48 pictures. For clips without, training computes flow when it is needed, 6 ms for each source (one core of an AMD EPYC): no matter on a CPU, far too slow for a GPU.
"""
import argparse
import functools
import sys
from pathlib import Path

import numpy as np

SIDE = 128
"""Side at which flow is computed."""
KEPT = 64
"""Side at which it is kept."""


@functools.cache
def finder():
    """DIS (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016) by OpenCV, which nothing else needs."""
    try:
        import cv2
    except ImportError as error:
        raise SystemExit("optical flow needs OpenCV (pip install opencv-python-headless), or flow computed before by python -m data.flow; without the teacher: --set teachers=mesh") from error
    cv2.setNumThreads(1)
    return cv2, cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)


def reduced(picture: np.ndarray) -> np.ndarray:
    """Brightness of a picture [h, w, 3], 8-bit RGB, at `SIDE`."""
    cv2, _ = finder()
    return cv2.resize(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def checked(there: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Flow `there` [SIDE, SIDE, 2] in pixels as displacements [2, KEPT, KEPT] in units of which a picture has two; NaN where it does not return to where it began when followed `back`."""
    cv2, _ = finder()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    u, v = x + there[..., 0], y + there[..., 1]
    returned = cv2.remap(back, u, v, cv2.INTER_LINEAR)
    length = np.abs(there).sum(-1)
    good = (np.abs(there + returned).sum(-1) < 0.5 + 0.05 * length) & (u > 1) & (u < SIDE - 2) & (v > 1) & (v < SIDE - 2)
    displacement = np.where(good, there.transpose(2, 0, 1) * np.float32(2 / SIDE), np.float32(np.nan))
    return displacement.reshape(2, KEPT, SIDE // KEPT, KEPT, SIDE // KEPT).mean((2, 4))


def flow(driving: np.ndarray, source: np.ndarray) -> np.ndarray:
    """For reduced pictures: where each place of the driving one has come from in the source, as a displacement [2, KEPT, KEPT] in units of which a picture has two; NaN where that cannot be trusted."""
    _, dis = finder()
    return checked(dis.calc(driving, source, None), dis.calc(source, driving, None))


def partners(count: int, number: int, rng: np.random.Generator) -> np.ndarray:
    """For each of `count` pictures the indices of `number` others (even; fewer where there are not so many), [count, number]: its neighbours on a random circle, so that partners are so of each other."""
    circle, each = rng.permutation(count), min(number // 2, (count - 1) // 2)
    result = np.zeros((count, 2 * each), np.int32)
    for place, picture in enumerate(circle):
        result[picture] = [circle[(place + step) % count] for distance in range(1, each + 1) for step in (distance, -distance)]
    return result


def between_partners(pictures: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Flow from each of the pictures [n, h, w, 3] to its partners [n, k]: [n, k, 2, KEPT, KEPT]."""
    _, dis = finder()
    small = [reduced(picture) for picture in pictures]
    result = np.zeros((*chosen.shape, 2, KEPT, KEPT), np.float16)
    for a, row in enumerate(chosen):
        for slot, b in enumerate(row):
            if a > b:
                there, back = dis.calc(small[a], small[b], None), dis.calc(small[b], small[a], None)
                result[a, slot] = checked(there, back)
                result[b, list(chosen[b]).index(a)] = checked(back, there)
    return result


def prepare(path: Path, number: int) -> None:
    """Writes `partners` and `flow` of the prepared clip whose pictures are at `path`."""
    stem, pictures = path.name.removesuffix(".pictures.npy"), np.load(path, mmap_mode="r")
    chosen = partners(len(pictures), number, np.random.default_rng(list(stem.encode())))
    for kind, array in (("partners", chosen), ("flow", between_partners(pictures, chosen))):      # flow last: its presence says that both are whole
        temporary = path.with_name(f"{stem}.{kind}.new")
        with temporary.open("wb") as file:
            np.save(file, array)
        temporary.replace(path.with_name(f"{stem}.{kind}.npy"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepared", type=Path, required=True, help="folder of prepared clips; flow that is there is kept")
    parser.add_argument("--partners", type=int, default=8, help="other pictures of each one, even; each takes 16 KB")
    parser.add_argument("--part", default="0/1", help="I/N: only each N-th clip, beginning with the I-th, for several processes")
    options = parser.parse_args()
    index, parts = (int(v) for v in options.part.split("/"))
    paths = sorted(options.prepared.glob("*.pictures.npy"))[index::parts]
    if not paths:
        parser.error(f"no prepared clips in {options.prepared}; see data/prepare.py")
    for path in paths:
        if not path.with_name(path.name.replace(".pictures.npy", ".flow.npy")).exists():
            prepare(path, options.partners)
    print(f"flow of {len(paths)} clips", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
