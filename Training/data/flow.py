"""Optical flow between two pictures of a clip, where it can be trusted: a second teacher, for hair, shoulders and background, which the face mesh does not cover."""
import cv2
import numpy as np

SIDE = 128
"""Side at which flow is computed."""
FINDER = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
cv2.setNumThreads(1)


def reduced(picture: np.ndarray) -> np.ndarray:
    """Brightness of a picture [h, w, 3], 8-bit RGB, at `SIDE`."""
    return cv2.resize(cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2GRAY), (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def flow(driving: np.ndarray, source: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For reduced pictures: where each place of the driving one has come from in the source, as a displacement [SIDE, SIDE, 2] in units of which a picture has two, and whether that can be
    trusted, [SIDE, SIDE]: it leads back to where it began when followed the other way (Kroeger et al., "Fast Optical Flow using Dense Inverse Search", ECCV 2016)."""
    there, back = FINDER.calc(driving, source, None), FINDER.calc(source, driving, None)
    y, x = np.mgrid[:SIDE, :SIDE].astype(np.float32)
    u, v = x + there[..., 0], y + there[..., 1]
    returned = cv2.remap(back, u, v, cv2.INTER_LINEAR)
    length = np.abs(there).sum(-1)
    good = (np.abs(there + returned).sum(-1) < 0.5 + 0.05 * length) & (u > 1) & (u < SIDE - 2) & (v > 1) & (v < SIDE - 2)
    return there * (2 / SIDE), good
