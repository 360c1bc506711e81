"""Reads videos picture by picture, upright and with square pixels, and passes single pictures through AV1 and VP8."""
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

SUFFIXES = {".mp4", ".mkv", ".webm", ".mov", ".avi", ".m4v", ".mpg", ".mpeg", ".y4m"}
"""Endings of the files that are taken for videos."""

# SVT-AV1 would tell of itself for each picture.
os.environ.setdefault("SVT_LOG", "1")


class ClipError(Exception):
    """A clip or a stretch of it that cannot be used: `reason` in two or three words, the same for all of its kind, and what was found."""

    def __init__(self, reason: str, found: str = ""):
        super().__init__(f"{reason}: {found}" if found else reason)
        self.reason = reason


def videos(folder: Path) -> list[Path]:
    """All videos of a folder and its folders, sorted."""
    return sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())


@dataclass(frozen=True)
class Picture:
    """A decoded picture of a video."""

    frame: av.VideoFrame
    time: float
    """In seconds."""
    pixel_ratio: float = 1.0
    """Width of a pixel as a share of its height."""

    @property
    def turns(self) -> int:
        """By how many quarters, anticlockwise, the frame must be turned to stand upright."""
        return round((self.frame.rotation or 0) / 90) % 4

    @property
    def size(self) -> tuple[int, int]:
        """Width and height as shown: upright, with square pixels."""
        width, height = round(self.frame.width * self.pixel_ratio), self.frame.height
        return (height, width) if self.turns % 2 else (width, height)

    def shown(self, width: int, height: int) -> np.ndarray:
        """The whole picture as shown, scaled to [height, width, 3] 8-bit RGB."""
        if self.turns % 2:
            width, height = height, width
        pixels = self.frame.reformat(width=width, height=height, format="rgb24", interpolation="AREA").to_ndarray()
        return np.ascontiguousarray(np.rot90(pixels, self.turns)) if self.turns else pixels

    def square(self, crop: tuple[int, int, int], side: int) -> np.ndarray:
        """A square part, scaled to [side, side, 3] 8-bit RGB; `crop` is its left and upper edge and its side in the units of `size`. A square picture of about that side is taken whole."""
        left, top, length = crop
        if (left, top) == (0, 0) and is_square(*self.size) and length == min(self.size):
            return self.shown(side, side)
        part = np.ascontiguousarray(self.shown(*self.size)[top:top + length, left:left + length])
        return av.VideoFrame.from_ndarray(part, format="rgb24").reformat(width=side, height=side, interpolation="AREA").to_ndarray(format="rgb24")

    def centred_square(self, side: int) -> np.ndarray:
        """The largest centred square, scaled to [side, side, 3] 8-bit RGB."""
        width, height = self.size
        if is_square(width, height):
            return self.shown(side, side)
        length = min(width, height)
        return self.square(((width - length) // 2, (height - length) // 2, length), side)


def is_square(width: int, height: int) -> bool:
    """Whether two sides are the same but for 2 %."""
    return max(width, height) <= 1.02 * min(width, height)


def decode(path: Path) -> Iterator[Picture]:
    """The pictures of a video's first stream. Throws `ClipError` where it cannot be read, also in the middle."""
    count = 0
    try:
        with av.open(str(path)) as container:
            if not container.streams.video:
                raise ClipError("unreadable", "no video stream")
            stream = container.streams.video[0]
            ratio = float(stream.sample_aspect_ratio or 1)
            for frame in container.decode(stream):
                # Square pictures were cropped or scaled to be so, whatever shape of pixels was passed on with them.
                own = 1.0 if is_square(frame.width, frame.height) or not 0.2 < ratio < 5 else ratio
                yield Picture(frame, float(frame.time if frame.time is not None else count / (stream.average_rate or 25)), own)
                count += 1
    except (av.FFmpegError, OSError, ValueError) as error:
        raise ClipError("unreadable", f"cannot be decoded after {count} pictures ({error})") from error


def through_av1(picture: np.ndarray, quantiser: int) -> np.ndarray:
    """A picture [h, w, 3] after encoding and decoding as an AV1 still picture with a quantiser of 0...63.

    Sources of calls are coded by libaom, which PyAV lacks; what SVT-AV1 makes of a picture looks much the same."""
    return _through("libsvtav1", "libdav1d", picture, {"crf": str(quantiser), "preset": "6", "svtav1-params": "avif=1:lp=1"})


def through_vp8(picture: np.ndarray, quantiser: int) -> np.ndarray:
    """A picture [h, w, 3] after encoding and decoding as a VP8 key frame with a quantiser of 0...63."""
    options = {"qmin": str(quantiser), "qmax": str(quantiser), "deadline": "realtime", "cpu-used": "4", "lag-in-frames": "0"}
    return _through("libvpx", "vp8", picture, options, bit_rate=10_000_000)


def _through(encoder_name: str, decoder_name: str, picture: np.ndarray, options: dict[str, str], bit_rate: int = 0) -> np.ndarray:
    height, width = picture.shape[:2]
    encoder = av.CodecContext.create(encoder_name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base = Fraction(1, 25)
    encoder.bit_rate = bit_rate
    encoder.thread_count = 1
    encoder.options = options
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24").reformat(format="yuv420p")
    packets = encoder.encode(frame) + encoder.encode(None)
    decoder = av.CodecContext.create(decoder_name, "r")
    decoded = [f for packet in packets for f in decoder.decode(packet)] + decoder.decode(None)
    return decoded[0].to_ndarray(format="rgb24")
