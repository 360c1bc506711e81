"""../keypoints.md in Python: tables, range coder, decoder and an encoder. It shares no code with the Swift implementation, and needs nothing beside Python."""
import math

STEPS = [round(65536 * 0.014 * 2 ** (i / 4)) for i in range(16)]
THRESHOLDS = [round(1024 * 2 ** ((j - 11.5) / 4)) for j in range(24)]
LEVELS, ACTIVITIES, LARGEST_UNIT = 40, 25, 6
DIRECT, LONGEST_PREFIX = 15, 12
LARGEST = DIRECT - 1 + (2 << LONGEST_PREFIX) - 1
"""The largest number that can be coded."""
MEAN, SOURCE = "mean", "source"
"""What a unit may be predicted from, beside a picture, which its distance names."""


class Malformed(Exception):
    """What cannot be read, by the name that keypoints.md has for it."""


def kind(reference) -> int:
    """Which levels belong to a reference: `MEAN`, `SOURCE`, or by how many pictures it lies before the unit's first."""
    if reference in (MEAN, SOURCE):
        return 0 if reference == MEAN else 1
    return 2 + sum(reference >= first for first in (3, 6, 12))


class Tables:
    """The file of section 2."""

    def __init__(self, data: bytes):
        if data[:5] != b"PGKT\1":
            raise Malformed("unknownFormat")
        self.count, rest = data[5], data[6:]
        if not 1 <= self.count <= 64:
            raise Malformed("keypointCount")
        size = self.size = 3 * self.count

        def take(length: int) -> bytes:
            nonlocal rest
            if len(rest) < length:
                raise Malformed("length")
            part, rest = rest[:length], rest[length:]
            return part

        def words(length: int, signed: bool) -> list[int]:
            part = take(2 * length)
            return [int.from_bytes(part[2 * i:2 * i + 2], "big", signed=signed) for i in range(length)]

        rows = lambda values, width: [values[i:i + width] for i in range(0, len(values), width)]
        self.mean = words(size, True)
        self.basis = rows(words(size * size, True), size)
        self.time = {n: rows(words(n * n, True), n) for n in range(1, LARGEST_UNIT + 1)}
        self.levels = {(0, 1): rows(take(size), size)}
        for k in range(1, 6):
            for n in range(1, LARGEST_UNIT + 1):
                self.levels[k, n] = rows(take(n * size), size)
        self.ones = rows(rows(words(LEVELS * ACTIVITIES * 3, False), 3), ACTIVITIES)
        self.expected = words(LEVELS, False)
        if rest:
            raise Malformed("length")
        if any(not 32 <= p <= 65504 for row in self.ones for three in row for p in three):
            raise Malformed("probability")

    def file(self) -> bytes:
        """The bytes again."""
        word = lambda values, signed: b"".join(v.to_bytes(2, "big", signed=signed) for v in values)
        flat = lambda rows: [v for row in rows for v in row]
        return (b"PGKT\1" + bytes([self.count]) + word(self.mean, True) + word(flat(self.basis), True) + b"".join(word(flat(self.time[n]), True) for n in self.time)
                + b"".join(bytes(flat(rows)) for rows in self.levels.values()) + word(flat(flat(self.ones)), False) + word(self.expected, False))


class RangeEncoder:
    """Section 4 on one big number instead of bytes and carries."""

    def __init__(self):
        self.low, self.range, self.shifts = 0, (1 << 32) - 1, 0

    def bit(self, bit: int, one: int) -> None:
        bound = (self.range >> 16) * (65536 - one)
        if bit:
            self.low, self.range = self.low + bound, self.range - bound
        else:
            self.range = bound
        while self.range < 1 << 24:
            self.range, self.low, self.shifts = self.range << 8, self.low << 8, self.shifts + 1

    def data(self) -> bytes:
        for bits in (32, 24, 16, 8, 0):
            value = (self.low + (1 << bits) - 1) >> bits << bits
            if value < self.low + self.range:
                break
        return value.to_bytes(self.shifts + 4, "big").rstrip(b"\0") or b"\0"


class RangeDecoder:
    def __init__(self, data: bytes):
        self.data, self.at, self.range = data, 4, (1 << 32) - 1
        self.code = int.from_bytes((data + bytes(4))[:4], "big")

    def bit(self, one: int) -> int:
        bound = (self.range >> 16) * (65536 - one)
        bit = int(self.code >= bound)
        if bit:
            self.code, self.range = self.code - bound, self.range - bound
        else:
            self.range = bound
        while self.range < 1 << 24:
            byte = self.data[self.at] if self.at < len(self.data) else 0
            self.range, self.code, self.at = self.range << 8, (self.code << 8 | byte) % (1 << 32), self.at + 1
        return bit


class Statistics:
    """Section 5: which probabilities a number has, by what was coded before it."""

    def __init__(self, tables: Tables, levels: list[list[int]], step: int):
        self.tables, self.levels, self.step = tables, levels, step
        self.seen = self.wanted = 32

    def level(self, f: int, c: int) -> int:
        return min(self.levels[f][c] - self.step, LEVELS - 1)

    def ones(self, level: int) -> list[int]:
        activity = sum(t * self.wanted <= 1024 * self.seen for t in THRESHOLDS)
        return self.tables.ones[level][activity]

    def learn(self, level: int, value: int) -> None:
        self.seen += 64 * min(abs(value), 4)
        self.wanted += self.tables.expected[level]


def encode_numbers(tables: Tables, numbers: list[list[int]], step: int, reference) -> bytes:
    """The unit that holds the numbers [N][3K]; those that are not sent must be zero."""
    coder, statistics = RangeEncoder(), Statistics(tables, tables.levels[kind(reference), len(numbers)], step)
    for i in (3, 2, 1, 0):
        coder.bit(step >> i & 1, 32768)
    for f, row in enumerate(numbers):
        for c, value in enumerate(row):
            level = statistics.level(f, c)
            if level < 0:
                continue
            some, more, again = statistics.ones(level)
            size = abs(value)
            coder.bit(size > 0, some)
            if size:
                coder.bit(value < 0, 32768)
                coder.bit(size > 1, more)
                for i in range(2, min(size, DIRECT - 1) + 1 if size > 1 else 0):
                    coder.bit(size > i, again)
                if size >= DIRECT:
                    rest = size - DIRECT + 1
                    length = rest.bit_length() - 1
                    for i in range(min(length + 1, LONGEST_PREFIX)):
                        coder.bit(i < length, 32768)
                    for i in reversed(range(length)):
                        coder.bit(rest >> i & 1, 32768)
            statistics.learn(level, value)
    return coder.data()


def decode_numbers(tables: Tables, unit: bytes, count: int, reference) -> tuple[list[list[int]], int]:
    """The numbers [count][3K] of a unit, and its step."""
    if not unit:
        raise Malformed("empty")
    if (kind(reference), count) not in tables.levels:
        raise Malformed("pictureCount")
    coder = RangeDecoder(unit)
    step = 0
    for _ in range(4):
        step = 2 * step + coder.bit(32768)
    statistics, numbers = Statistics(tables, tables.levels[kind(reference), count], step), []
    for f in range(count):
        row = []
        for c in range(tables.size):
            level = statistics.level(f, c)
            value = 0
            if level >= 0:
                some, more, again = statistics.ones(level)
                if coder.bit(some):
                    negative, value = coder.bit(32768), 1
                    if coder.bit(more):
                        value = 2
                        while value < DIRECT and coder.bit(again):
                            value += 1
                    if value == DIRECT:
                        length, rest = 0, 1
                        while length < LONGEST_PREFIX and coder.bit(32768):
                            length += 1
                        for _ in range(length):
                            rest = 2 * rest + coder.bit(32768)
                        value = rest + DIRECT - 1
                    value = -value if negative else value
                statistics.learn(level, value)
            row.append(value)
        numbers.append(row)
    return numbers, step


def rebuild(tables: Tables, numbers: list[list[int]], step: int, reference: list[int]) -> list[list[int]]:
    """Section 6: the states [N][3K] that numbers make of a reference."""
    time, states = tables.time[len(numbers)], []
    for t in range(len(numbers)):
        moved = [sum(time[f][t] * row[c] for f, row in enumerate(numbers)) * STEPS[step] >> 14 for c in range(tables.size)]
        sums = [sum(m * b for m, b in zip(row, moved)) + 32768 >> 16 for row in tables.basis]
        states.append([max(-32768, min(32767, r + s)) for r, s in zip(reference, sums)])
    return states


def decode(tables: Tables, unit: bytes, count: int, reference, state: list[int]) -> list[list[int]]:
    """The states of a unit of `count` pictures whose reference has the state `state`."""
    numbers, step = decode_numbers(tables, unit, count, reference)
    return rebuild(tables, numbers, step, state)


def shown(state: list[int]) -> list[float]:
    """x and y in -1...1 and strength in 0...1 of each keypoint."""
    return [max(0, min(4096, v)) / 4096 if j % 3 == 2 else max(0, min(16384, v)) / 8192 - 1 for j, v in enumerate(state)]


def whole(values: list[float]) -> list[int]:
    """The state nearest to x and y in -1...1 and strength in 0...1."""
    return [max(-32768, min(32767, math.floor((v * 4096 if j % 3 == 2 else (v + 1) * 8192) + 0.5))) for j, v in enumerate(values)]


class Encoder:
    """Section 7: one way to choose the numbers."""

    WEIGHT = 0.12
    """What a bit costs, in squared steps."""

    def __init__(self, tables: Tables):
        self.tables = tables
        self.analysis = inverse(tables.basis)
        lengths = lambda p: (-math.log2(1 - p / 65536), -math.log2(p / 65536))
        self.costs = [[[lengths(p) for p in three] for three in row] for row in tables.ones]

    def analyse(self, difference: list[int]) -> list[float]:
        """A difference of states in units of the metric."""
        return [sum(a * d for a, d in zip(row, difference)) for row in self.analysis]

    def bits(self, costs: list[tuple[float, float]], size: int) -> float:
        """What a magnitude costs."""
        if size == 0:
            return costs[0][0]
        total = costs[0][1] + 1 + costs[1][size > 1]
        if size > 1:
            total += (min(size, DIRECT) - 2) * costs[2][1] + (costs[2][0] if size < DIRECT else 2 * (size - DIRECT + 1).bit_length() - 1)
        return total

    def numbers(self, pictures: list[list[float]], step: int, reference) -> list[list[int]]:
        """The numbers for pictures' differences from the reference, in units of the metric."""
        n, tables = len(pictures), self.tables
        statistics, width, result = Statistics(tables, tables.levels[kind(reference), n], step), STEPS[step] / 65536, []
        for f in range(n):
            row = []
            for c in range(tables.size):
                level = statistics.level(f, c)
                if level < 0:
                    row.append(0)
                    continue
                exact = sum(tables.time[n][f][t] / 16384 * pictures[t][c] for t in range(n)) / width
                size, activity = abs(exact), sum(t * statistics.wanted <= 1024 * statistics.seen for t in THRESHOLDS)
                costs = self.costs[level][activity]
                near = min(math.floor(size + 0.5), LARGEST)
                best = min({near, max(near - 1, 0), 0}, key=lambda v: ((size - v) ** 2 + self.WEIGHT * self.bits(costs, v), -v))
                row.append(-best if exact < 0 else best)
                statistics.learn(level, row[-1])
            result.append(row)
        return result

    def encode(self, states: list[list[int]], step: int, reference, state: list[int]) -> tuple[bytes, list[list[int]]]:
        """A unit for the pictures' states, and the states that a decoder makes of it."""
        differences = [self.analyse([a - b for a, b in zip(s, state)]) for s in states]
        numbers = self.numbers(differences, step, reference)
        return encode_numbers(self.tables, numbers, step, reference), rebuild(self.tables, numbers, step, state)


def inverse(matrix: list[list[int]]) -> list[list[float]]:
    """The inverse of a square matrix."""
    size = len(matrix)
    rows = [[float(v) for v in row] + [float(i == j) for j in range(size)] for i, row in enumerate(matrix)]
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        scale = rows[i][i]
        rows[i] = [v / scale for v in rows[i]]
        for r in range(size):
            if r != i and (factor := rows[r][i]):
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i])]
    return [row[size:] for row in rows]
