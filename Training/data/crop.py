"""Chooses the square crop of a stretch of video: head and some shoulders, the same for all of its pictures."""
from dataclasses import dataclass

import numpy as np

from data.video import ClipError, is_square

HEAD_SHARE = 0.5
"""Height of the head as a share of the crop's, where the video shows enough around it."""
LEAST_SHARE = 0.35
"""The least share, for heads that move far."""
WHOLE_SHARE = 0.3
"""The least share for a square video to be taken as it is."""
SEEN = 0.5
"""Share of the looked-at pictures in which the face must be found: profiles and hands hide it now and then."""
SECOND, SECOND_SEEN = 0.4, 0.1
"""A second face counts when its height is this share of the first one's, and is seen in more than this share of the looked-at pictures (and in two of them): detectors err now and then."""


@dataclass(frozen=True)
class Face:
    """A face in a picture, in pixels."""

    x: float
    """Of the middle between eyes and mouth."""
    y: float
    height: float
    """From the hairline to the chin: what `EYES_TO_MOUTH` makes of the eyes' distance from the mouth."""

    def scaled(self, by: float) -> "Face":
        """The same in a picture `by` times as large."""
        return Face(self.x * by, self.y * by, self.height * by)

    def near(self, other: "Face") -> bool:
        """Whether two finds are of the same face: two heads side by side are at least 0.8 of a face apart."""
        return float(np.hypot(self.x - other.x, self.y - other.y)) < 0.7 * max(self.height, other.height)


EYES_TO_MOUTH = 0.38
"""Distance from the eyes to the mouth as a share of a face's height."""


def face_of(left_eye: np.ndarray, right_eye: np.ndarray, mouth: np.ndarray) -> Face:
    """The face of three landmarks [2] in pixels."""
    eyes = (left_eye + right_eye) / 2
    x, y = (eyes + mouth) / 2
    # In profile the eyes come close and the distance stays; a face that looks up or down keeps its width.
    return Face(float(x), float(y), float(max(np.linalg.norm(mouth - eyes), 0.9 * np.linalg.norm(right_eye - left_eye)) / EYES_TO_MOUTH))


def choose_crop(looks: list[list[Face]], width: int, height: int, least_side: int) -> tuple[int, int, int]:
    """Left, top and side in pixels of the crop of pictures of `width` times `height` pixels, by the faces found in the looked-at ones. Throws `ClipError`.

    A square video whose head is as large as `WHOLE_SHARE` is taken whole.
    """
    mains = [max(faces, key=lambda face: face.height) for faces in looks if faces]
    if len(mains) < max(1, SEEN * len(looks)):
        raise ClipError("no face", f"in {len(looks) - len(mains)} of {len(looks)} pictures")
    crowded = sum(sorted(face.height for face in faces)[-2] > SECOND * max(face.height for face in faces) for faces in looks if len(faces) > 1)
    if crowded >= 2 and crowded > SECOND_SEEN * len(looks):
        raise ClipError("several faces", f"in {crowded} of {len(looks)} pictures")
    head, short = float(np.median([face.height for face in mains])), min(width, height)
    if is_square(width, height) and head >= WHOLE_SHARE * short:
        left, top, side = 0, 0, short
    else:
        # The box that holds the face in nearly all pictures; single wrong finds do not count.
        edges = np.array([(face.x - face.height / 2, face.y - face.height / 2, face.x + face.height / 2, face.y + face.height / 2) for face in mains])
        low, high = np.percentile(edges[:, :2], 5, axis=0), np.percentile(edges[:, 2:], 95, axis=0)
        low, high = np.maximum(low, 0), np.minimum(high, [width, height])
        needed = max(head / HEAD_SHARE, float((high - low).max()))
        side = round(min(needed, short))
        if head < LEAST_SHARE * needed or (high - low).max() > side + 0.1 * head:
            raise ClipError("head moves too far", f"over {round(float((high - low).max() / head), 1)} times its height")
        left, top = (round(float(np.clip(v - side / 2, 0, most - side))) for v, most in zip((low + high) / 2, (width, height)))
    if side < least_side:
        raise ClipError("head too small", f"the crop has {side} pixels, at least {least_side} are asked for")
    return left, top, side
