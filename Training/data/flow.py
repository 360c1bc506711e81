"""Optical flow between two pictures of a clip, where it can be trusted: a second teacher, for hair, shoulders and background, which the face mesh does not cover.

python -m data.flow --prepared FOLDER

computes it once for every two pictures of each prepared clip, NAME.flow.npy [n, n, 2, 64, 64] in half precision (9 MB and some 2 s a clip of 24 pictures); training computes what it does not find, 3 ms for each source.
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
    """Flow `there` [SIDE, SIDE, 2] in pixels as displacements [2, SIDE, SIDE] in units of which a picture has two; NaN where it does not return to where it began when followed `back`."""
    cv2, _ = finder()
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    u, v = x + there[..., 0], y + there[..., 1]
    returned = cv2.remap(back, u, v, cv2.INTER_LINEAR)
    length = np.abs(there).sum(-1)
    good = (np.abs(there + returned).sum(-1) < 0.5 + 0.05 * length) & (u > 1) & (u < SIDE - 2) & (v > 1) & (v < SIDE - 2)
    return np.where(good, there.transpose(2, 0, 1) * np.float32(2 / SIDE), np.float32(np.nan))


def flow(driving: np.ndarray, source: np.ndarray) -> np.ndarray:
    """For reduced pictures: where each place of the driving one has come from in the source, as a displacement [2, SIDE, SIDE] in units of which a picture has two; NaN where that cannot be trusted."""
    _, dis = finder()
    return checked(dis.calc(driving, source, None), dis.calc(source, driving, None))


def all_pairs(pictures: np.ndarray) -> np.ndarray:
    """Flow between every two pictures [n, h, w, 3]: [n, n, 2, KEPT, KEPT], the driving picture's index first."""
    _, dis = finder()
    small = [reduced(picture) for picture in pictures]
    result = np.zeros((len(small), len(small), 2, KEPT, KEPT), np.float16)
    shrunk = lambda field: field.reshape(2, KEPT, SIDE // KEPT, KEPT, SIDE // KEPT).mean((2, 4))
    for a in range(len(small)):
        for b in range(a):
            there, back = dis.calc(small[a], small[b], None), dis.calc(small[b], small[a], None)
            result[a, b], result[b, a] = shrunk(checked(there, back)), shrunk(checked(back, there))
    return result


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--prepared", type=Path, required=True, help="folder of prepared clips; flow that is there is kept")
    parser.add_argument("--part", default="0/1", help="I/N: only each N-th clip, beginning with the I-th, for several processes")
    options = parser.parse_args()
    index, parts = (int(v) for v in options.part.split("/"))
    paths = sorted(options.prepared.glob("*.pictures.npy"))[index::parts]
    if not paths:
        parser.error(f"no prepared clips in {options.prepared}; see data/prepare.py")
    for path in paths:
        out = path.with_name(path.name.replace(".pictures.npy", ".flow.npy"))
        if not out.exists():
            temporary = out.with_name(out.name + ".new")
            with temporary.open("wb") as file:
                np.save(file, all_pairs(np.load(path, mmap_mode="r")))
            temporary.replace(out)
    print(f"flow of {len(paths)} clips", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
