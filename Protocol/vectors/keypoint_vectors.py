"""The vectors of ../keypoints.md and ../sources.md, by the implementation in `keypoint_coding.py` and with the shipped tables."""
import random

from keypoint_coding import LARGEST, LARGEST_UNIT, MEAN, SOURCE, Encoder, Malformed, Tables, decode, decode_numbers, encode_numbers, kind, rebuild
from writing import HERE, write

TABLES = HERE.parents[1] / "Sources" / "NeuralVideo" / "Resources" / "keypoints.bin"


def walk(rng: random.Random, state: list[int], count: int, pixels: float) -> list[list[int]]:
    """States of pictures that move from one to the next by about so many pixels of 256."""
    states = []
    for _ in range(count):
        shift = [rng.gauss(0, 64 * pixels), rng.gauss(0, 64 * pixels), 0]
        state = [max(0, min(4096 if j % 3 == 2 else 16384, v + round(shift[j % 3] + rng.gauss(0, 12 * pixels)))) for j, v in enumerate(state)]
        states.append(state)
    return states


def keypoints():
    tables, rng = Tables(TABLES.read_bytes()), random.Random(7)
    encoder = Encoder(tables)

    def good(case, unit, count, reference, state):
        numbers, step = decode_numbers(tables, unit, count, reference)
        write("keypoints", case, unit, dict(kind=reference, pictureCount=count, reference=state, step=step, numbers=numbers, states=rebuild(tables, numbers, step, state)))

    start = walk(rng, tables.mean, 1, 8)[0]
    good("mean", encoder.encode([start], 0, MEAN, tables.mean)[0], 1, MEAN, tables.mean)
    for n in range(1, LARGEST_UNIT + 1):
        reference = (SOURCE, 1, 4, 7, 12, 64)[n - 1]
        unit, states = encoder.encode(walk(rng, start, n, 1), 2 * n, reference, start)
        if decode(tables, unit, n, reference, start) != states:
            raise SystemExit("a unit does not decode to what its encoder said")
        good(f"motion_{n}", unit, n, reference, start)
        start = states[-1]
    for step in (0, 6, 15):
        good(f"still_{step}", encoder.encode([start] * 3, step, 4, start)[0], 3, 4, start)
        anywhere = [[rng.randint(-32768, 32767) for _ in start] for _ in range(3)]
        good(f"wild_{step}", encoder.encode(anywhere[:2], step, SOURCE, anywhere[2])[0], 2, SOURCE, anywhere[2])
    # Every way to write a magnitude, both signs, where a number is sent at all.
    sizes = iter((1, 2, 3, 13, 14, 15, 16, 17, 18, 29, 30, 100, 1000, 4000, LARGEST - 1, LARGEST))
    numbers = [[0] * tables.size]
    for c, level in enumerate(tables.levels[kind(SOURCE), 1][0]):
        if level >= 3 and c % 3 == 0:
            numbers[0][c] = next(sizes, 0) * (-1) ** c
    good("magnitudes", encode_numbers(tables, numbers, 3, SOURCE), 1, SOURCE, start)
    # What a network may make of a unit: it decodes to something, and to the same everywhere.
    unit = encoder.encode(walk(rng, start, 3, 4), 4, 4, start)[0]
    for case, data in dict(cut=unit[:-3], flipped=bytes([unit[0] ^ 4]) + unit[1:], longer=unit + b"\xa5\x5a", ones=b"\xff" * 40, zero=b"\0").items():
        good(f"odd_{case}", data, 3, 4, start)
    bad = dict(empty=(b"", 3, SOURCE, "empty"), no_pictures=(unit, 0, SOURCE, "pictureCount"), seven_pictures=(unit, 7, SOURCE, "pictureCount"),
               two_from_the_mean=(unit, 2, MEAN, "pictureCount"))
    for case, (data, count, reference, error) in bad.items():
        try:
            decode_numbers(tables, data, count, reference)
            raise SystemExit(f"{case} decodes")
        except Malformed as found:
            if str(found) != error:
                raise SystemExit(f"{case}: {found}") from found
        write("keypoints", "bad_" + case, data, dict(error=error, kind=reference, pictureCount=count, reference=start))


def source(unit: bytes, picture: bytes, kind: int = 4, base: int | None = None) -> bytes:
    return bytes([kind, len(unit)]) + (b"" if base is None else base.to_bytes(2)) + unit + picture


def sources():
    tables, rng = Tables(TABLES.read_bytes()), random.Random(8)
    unit, states = Encoder(tables).encode(walk(rng, tables.mean, 1, 8), 0, MEAN, tables.mean)
    picture = bytes(rng.randrange(256) for _ in range(64))
    good, predicted = source(unit, picture), source(unit, picture, 5, 259)
    write("sources", "good", good, dict(keypoints=unit.hex(), state=states[0], picture=picture.hex()))
    write("sources", "predicted", predicted, dict(keypoints=unit.hex(), state=states[0], base=259, picture=picture.hex()))
    bad = dict(kind_3=source(unit, picture, kind=3), kind_6=source(unit, picture, 6, 259), short=good[:2], empty=b"", keypoints_past_end=good[:1] + b"\xff" + good[2:],
               no_picture=good[:-64], no_keypoints=good[:1] + b"\0" + good[2 + len(unit):], no_base=predicted[:2], half_a_base=predicted[:3],
               predicted_no_picture=predicted[:-64], predicted_no_keypoints=predicted[:1] + b"\0" + predicted[2:4] + predicted[4 + len(unit):])
    for case, data in bad.items():
        write("sources", "bad_" + case, data, dict(error="corrupt"))
