"""Keypoints of whole clips, 25 pictures a second, by the exported detector."""
import sys
import time
from pathlib import Path

import numpy as np

from data.video import ClipError
from evaluate import OpenVINOBackend, read_clip

PIXEL = 2 / 256
"""A pixel of 256 in units of -1...1."""


def of_clip(backend: OpenVINOBackend, pictures: np.ndarray) -> np.ndarray:
    """Vectors [n, 3K] of pictures [n, R, R, 3], 8-bit RGB: x and y in pixels of 256 from the left and upper edge, then the strength in 0...1, for each keypoint."""
    model = backend.models["detector"]
    result = []
    for picture in pictures:
        found = {output.get_any_name(): value for output, value in model({"picture": picture[None].astype(np.float32) / 255}).items()}
        result.append(np.concatenate([(found["locations"][0] + 1) / PIXEL, found["strengths"][0][:, None]], 1).ravel())
    return np.array(result, np.float32)


def of_clips(backend: OpenVINOBackend, paths: list[Path], cache: Path | None) -> dict[str, np.ndarray]:
    """`of_clip` for each clip by its name; clips that cannot be read are skipped and named. `cache` (.npz) keeps what was found and is taken up where it ends."""
    found: dict[str, np.ndarray] = {}
    if cache and cache.exists():
        with np.load(cache) as stored:
            found = {name: stored[name] for name in stored.files}
    begun, fresh = time.monotonic(), 0

    def save() -> None:
        if cache:
            cache.parent.mkdir(parents=True, exist_ok=True)
            np.savez(cache, **found)

    for path in paths:
        if path.stem in found:
            continue
        try:
            found[path.stem] = of_clip(backend, read_clip(path, backend.side, 1))
        except ClipError as error:
            print(f"skipped {path.name}: {error}", file=sys.stderr, flush=True)
            continue
        fresh += len(found[path.stem])
        if len(found) % 20 == 0:
            print(f"{len(found)} of {len(paths)} clips, {1000 * (time.monotonic() - begun) / fresh:.1f} ms a picture", flush=True)
            save()
    if fresh:
        save()
    return {path.stem: found[path.stem].astype(np.float64) for path in paths if path.stem in found}
