"""A range encoder, 32 bits, carry handling as in LZMA: adaptive bits as in format 1 of `Protocol/keypoints.md`, and bits of known probability."""


class RangeEncoder:
    """Bits and symbols to bytes; trailing zero bytes are left out."""

    def __init__(self):
        self.low, self.range, self.digits = 0, 0xFFFFFFFF, 0
        self.shifted = 0

    def _normalise(self) -> None:
        # Python's whole numbers hold all of `low`: carries need no care.
        while self.range < 1 << 24:
            self.range = (self.range << 8) & 0xFFFFFFFF
            self.low <<= 8
            self.shifted += 1

    def bit(self, value: int, contexts: dict, name, start: int) -> None:
        """An adaptive bit; `contexts` holds [probability of zero / 4096, bits seen] by name."""
        context = contexts.get(name) or contexts.setdefault(name, [max(64, min(4032, start)), 0])
        bound = (self.range >> 12) * context[0]
        shift = 3 if context[1] < 8 else 4 if context[1] < 24 else 5
        context[1] = min(context[1] + 1, 24)
        if value:
            self.low += bound
            self.range -= bound
            context[0] -= context[0] >> shift
        else:
            self.range = bound
            context[0] += (4096 - context[0]) >> shift
        context[0] = max(64, min(4032, context[0]))
        self._normalise()

    def fixed(self, value: int, one: int) -> None:
        """A bit whose probability of a one, in 1/65536, is known."""
        bound = (self.range >> 16) * (65536 - one)
        if value:
            self.low += bound
            self.range -= bound
        else:
            self.range = bound
        self._normalise()

    def data(self) -> bytes:
        """What was coded: of all numbers that decode to it, the one with the most trailing zero bytes, these left out."""
        for bits in range(32, -1, -8):
            candidate = -(-self.low >> bits) << bits
            if candidate < self.low + self.range:
                return candidate.to_bytes(4 + self.shifted, "big").rstrip(b"\0")
        raise AssertionError("an interval holds its own lower end")


class RangeDecoder:
    """The other way; past the end bytes are zero."""

    def __init__(self, data: bytes):
        self.data, self.at, self.range = data + bytes(8), 4, 0xFFFFFFFF
        self.code = int.from_bytes(self.data[:4], "big")

    def fixed(self, one: int) -> int:
        """A bit whose probability of a one, in 1/65536, is known."""
        bound = (self.range >> 16) * (65536 - one)
        value = int(self.code >= bound)
        if value:
            self.code -= bound
            self.range -= bound
        else:
            self.range = bound
        while self.range < 1 << 24:
            self.range = (self.range << 8) & 0xFFFFFFFF
            self.code = (self.code << 8) + (self.data[self.at] if self.at < len(self.data) else 0)
            self.at += 1
        return value
