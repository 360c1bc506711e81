#!/usr/bin/env python3
"""What helps a voice most where datagrams are lost: Opus's in-band FEC, saying the datagram before again, or more bits for the voice. libopus itself (by
ctypes), datagrams lost at random, what is missing made up by libopus. Writes table.md beside itself (or to --out). Needs ffmpeg, espeak-ng, libopus, and of
Python numpy, scipy, pesq and pystoi.

    python3 Examples/Measurements/voice-loss/run.py
"""
import argparse
import ctypes
import ctypes.util
import pathlib
import random
import subprocess
import sys
import tempfile

import numpy as np
from pesq import pesq
from pystoi import stoi
from scipy.signal import resample_poly

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "promised-rates"))
from run import TEXT  # noqa: E402
from voice import RATE, aligned  # noqa: E402

SOUND = 48_000
"""Samples a second of what is coded."""
LONGEST = 5760
"""Samples of Opus's longest packet."""
OPUS = ctypes.CDLL(ctypes.util.find_library("opus"))
OPUS.opus_encoder_create.restype = OPUS.opus_decoder_create.restype = ctypes.c_void_p
VOIP, SIGNAL_VOICE, WIDEBAND = 2048, 3001, 1103
# Numbers of opus_defines.h: complexity, bitrate, VBR, largest bandwidth, DTX, FEC, expected loss, signal.
SET = dict(complexity=4010, bitrate=4002, vbr=4006, bandwidth=4004, dtx=4016, fec=4012, loss=4014, signal=4024)

# Ways to code: name, bit/s, ms of a frame, frames in a datagram, whether FEC is on, which frames of the datagram before come again, bit/s of those.
WAYS = [
    ("made up", 6000, 60, 2, False, "", None), ("FEC", 6000, 60, 2, True, "", None), ("last frame again", 6000, 60, 2, False, "last", None), ("again", 6000, 60, 2, False, "all", None),
    ("made up", 9000, 40, 2, False, "", None), ("FEC", 9000, 40, 2, True, "", None), ("again at 6 kbit/s", 9000, 40, 2, False, "all", 6000), ("again", 9000, 40, 2, False, "all", None),
    ("again", 7000, 40, 2, False, "all", None),
    ("made up", 12000, 40, 2, False, "", None), ("FEC", 12000, 40, 2, True, "", None), ("again", 12000, 40, 2, False, "all", None),
    ("made up", 16000, 40, 2, False, "", None), ("FEC", 16000, 40, 2, True, "", None), ("made up", 20000, 20, 4, False, "", None), ("FEC", 20000, 20, 4, True, "", None),
    ("again and FEC", 6000, 60, 2, True, "all", None), ("again and FEC", 9000, 40, 2, True, "all", None), ("again and FEC", 12000, 40, 2, True, "all", None),
    ("again", 20000, 20, 4, False, "all", None), ("again and FEC", 20000, 20, 4, True, "all", None),
    ("made up", 7500, 40, 2, False, "", None), ("FEC", 7500, 40, 2, True, "", None), ("made up", 10000, 40, 2, False, "", None), ("FEC", 10000, 40, 2, True, "", None),
    ("again", 10000, 40, 2, False, "all", None), ("again and FEC", 10000, 40, 2, True, "all", None),
]


def coded(sound, bitrate, milliseconds, expected=0.0):
    """Opus frames of a sound; with FEC where loss is expected."""
    error = ctypes.c_int()
    encoder = ctypes.c_void_p(OPUS.opus_encoder_create(SOUND, 1, VOIP, ctypes.byref(error)))
    values = dict(complexity=10, bitrate=bitrate, vbr=1, bandwidth=WIDEBAND, dtx=1, fec=int(expected > 0), loss=int(100 * expected), signal=SIGNAL_VOICE)
    for name, value in values.items():
        if OPUS.opus_encoder_ctl(encoder, ctypes.c_int(SET[name]), ctypes.c_int(value)):
            sys.exit(f"libopus refused {name} = {value}")
    count = SOUND // 1000 * milliseconds
    room = (ctypes.c_ubyte * 1500)()
    frames = []
    for start in range(0, len(sound) - count + 1, count):
        piece = np.ascontiguousarray(sound[start:start + count], np.float32)
        size = OPUS.opus_encode_float(encoder, piece.ctypes.data_as(ctypes.c_void_p), count, room, 1500)
        frames.append(bytes(room[:size]))
    OPUS.opus_encoder_destroy(encoder)
    return frames


class Decoder:
    def __init__(self):
        error = ctypes.c_int()
        self.state = ctypes.c_void_p(OPUS.opus_decoder_create(SOUND, 1, ctypes.byref(error)))

    def decode(self, packet, count, recovers=False):
        """A frame's sound; without a packet what libopus makes up, and what a packet's FEC holds of the frame before it."""
        out = np.zeros(LONGEST, np.float32)
        limit = count if recovers or not packet else LONGEST
        size = OPUS.opus_decode_float(self.state, packet, len(packet or b""), out.ctypes.data_as(ctypes.c_void_p), limit, int(recovers))
        return out[:max(0, size)]

    def __del__(self):
        OPUS.opus_decoder_destroy(self.state)


def heard(sound, way, loss, seed):
    """kbit/s, the share of frames that did not come, PESQ and STOI."""
    _, bitrate, milliseconds, per, fec, again, copy_rate = way
    frames = coded(sound, bitrate, milliseconds, loss if fec else 0.0)
    copies = coded(sound, copy_rate, milliseconds) if copy_rate else frames
    chance, bits, there = random.Random(seed), 0, {}
    count = len(frames) // per
    for datagram in range(count):
        own = list(range(datagram * per, datagram * per + per))
        before = [index - per for index in own] if datagram and again else []
        before = before[-1:] if again == "last" else before
        bits += 8 * sum(len(frames[index]) for index in own) + 8 * sum(len(copies[index]) for index in before)
        if chance.random() < loss:
            continue
        there.update((index, frames[index]) for index in own)
        for index in before:
            there.setdefault(index, copies[index])
    decoder, pieces, samples = Decoder(), [], SOUND // 1000 * milliseconds
    for index in range(count * per):
        if index in there:
            pieces.append(decoder.decode(there[index], samples))
        else:
            pieces.append(decoder.decode(there[index + 1], samples, recovers=True) if fec and index + 1 in there else decoder.decode(None, samples))
    spoken, back = aligned(*(resample_poly(x.astype(float), 1, SOUND // RATE) for x in (sound, np.concatenate(pieces))))
    scores = [pesq(RATE, spoken[i:i + 10 * RATE], back[i:i + 10 * RATE], "wb") for i in range(0, len(spoken) - 10 * RATE + 1, 10 * RATE)]
    missing = 1 - len(there) / (count * per)
    return bits / (count * per * milliseconds), missing, float(np.mean(scores)), float(stoi(spoken, back, RATE))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loss", type=float, nargs="+", default=[0.05, 0.1, 0.2])
    parser.add_argument("--seconds", type=int, default=40)
    parser.add_argument("--seeds", type=int, default=2, help="mean over so many")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="where the table goes")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wav = pathlib.Path(folder) / "voice.wav"
        subprocess.run(["espeak-ng", "-w", wav, TEXT * (1 + arguments.seconds // 15)], check=True)
        raw = subprocess.run(["ffmpeg", "-loglevel", "error", "-i", wav, "-ac", "1", "-ar", str(SOUND), "-t", str(arguments.seconds), "-f", "f32le", "-"], check=True, capture_output=True)
    sound = np.frombuffer(raw.stdout, np.float32)
    lines = ["| loss | told, kbit/s | what is lost is | used, kbit/s | did not come | PESQ | STOI |", "|" + " --- |" * 7]
    for loss in arguments.loss:
        for way in WAYS:
            rate, missing, score, clear = np.mean([heard(sound, way, loss, seed) for seed in range(1, arguments.seeds + 1)], axis=0)
            lines.append(f"| {100 * loss:g} % | {way[1] / 1000:g} | {way[0]} | {rate:.1f} | {100 * missing:.1f} % | {score:.2f} | {clear:.3f} |")
            print(lines[-1], flush=True)
            (arguments.out / "table.md").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
