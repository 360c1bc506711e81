"""How well a voice is heard after a call: PESQ (wide band, ITU-T P.862.2) by the package `pesq`, STOI by `pystoi` (Taal et al., 2011) and segmental SNR, against the voice that was spoken."""
import pathlib
import subprocess

import numpy as np
from pesq import pesq
from pystoi import stoi
from scipy.signal import correlate

RATE = 16_000
"""Samples a second: what wide-band PESQ is defined for."""


def samples(path: pathlib.Path) -> np.ndarray:
    """The sound of a file, mono, in -1...1."""
    raw = subprocess.run(["ffmpeg", "-loglevel", "error", "-i", path, "-vn", "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"], check=True, capture_output=True)
    return np.frombuffer(raw.stdout, np.float32).astype(np.float64)


def aligned(spoken: np.ndarray, heard: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both, cut so that they begin and end together: what was heard may begin later or earlier."""
    late = int(np.argmax(correlate(heard, spoken, mode="full", method="fft"))) - (len(spoken) - 1)
    spoken, heard = spoken[max(0, -late):], heard[max(0, late):]
    count = min(len(spoken), len(heard))
    return spoken[:count], heard[:count]


def segmental_snr(spoken: np.ndarray, heard: np.ndarray) -> float:
    """Mean over segments of 20 ms in which there is a voice, each limited to -10...35 dB."""
    length = RATE // 50
    count = len(spoken) // length
    a, b = (x[:count * length].reshape(count, length) for x in (spoken, heard))
    power = (a ** 2).sum(1)
    loud = power > power.max() * 1e-4
    ratio = 10 * np.log10(power[loud] / np.maximum(((a - b) ** 2).sum(1)[loud], 1e-12))
    return float(np.clip(ratio, -10, 35).mean())


def measures(spoken: pathlib.Path, heard: pathlib.Path) -> dict[str, float]:
    """The measures of the sound of two files; PESQ is the mean over pieces of 10 s, as long as its standard's."""
    a, b = aligned(samples(spoken), samples(heard))
    pieces = range(0, len(a) - 10 * RATE + 1, 10 * RATE)
    scores = [pesq(RATE, a[i:i + 10 * RATE], b[i:i + 10 * RATE], "wb") for i in pieces]
    return dict(pesq=float(np.mean(scores)), stoi=float(stoi(a, b, RATE)), segmental_snr=segmental_snr(a, b))


def opus_alone(spoken: pathlib.Path, kilobits: float, folder: pathlib.Path) -> dict[str, float]:
    """What libopus alone makes of the voice at a rate, frames of 60 ms, all of its bits for the sound; `rate` is what its packets took in kbit/s."""
    coded = folder / f"alone-{kilobits:g}.opus"
    subprocess.run(["ffmpeg", "-y", "-loglevel", "error", "-i", spoken, "-vn", "-ac", "1", "-c:a", "libopus", "-application", "voip", "-frame_duration", "60", "-b:a", f"{kilobits}k", coded], check=True)
    sizes = subprocess.run(["ffprobe", "-loglevel", "error", "-show_entries", "packet=size,duration_time", "-of", "csv=p=0", coded], check=True, capture_output=True, text=True)
    rows = [line.split(",") for line in sizes.stdout.split()]
    seconds, bits = (sum(float(row[0]) for row in rows), 8 * sum(int(row[1]) for row in rows))
    return dict(rate=bits / seconds / 1000, **measures(spoken, coded))
