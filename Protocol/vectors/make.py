"""Writes the vectors of this folder: an implementation of ../packets.md, ../keypoints.md and ../sources.md
that shares no code with the Swift one. Run: python3 Protocol/vectors/make.py
"""
import json
import pathlib
import random
import zlib

HERE = pathlib.Path(__file__).parent
RATIOS = dict(first=(3500, 2400, 500), next=(1700, 500, 150))  # shift, location, strength (keypoints.md, section 5)


def integer(value):
    """A variable-length integer (RFC 9000, section 16)."""
    for exponent, bits in enumerate((6, 14, 30, 62)):
        if value < 1 << bits:
            return (value | exponent << bits).to_bytes(1 << exponent, "big")
    raise ValueError(value)


# --- keypoints.md


class Context:
    def __init__(self, z):
        self.z, self.n = max(64, min(4032, z)), 0

    def learn(self, bit):
        d = 3 if self.n < 8 else 4 if self.n < 24 else 5
        self.n = min(24, self.n + 1)
        self.z += -(self.z >> d) if bit else (4096 - self.z) >> d
        self.z = max(64, min(4032, self.z))


class Encoder:
    """The arithmetic of section 3 on one big number instead of bytes and carries."""

    def __init__(self):
        self.low, self.range, self.shifts = 0, (1 << 32) - 1, 0

    def bit(self, bit, context):
        bound = (self.range >> 12) * context.z
        if bit:
            self.low, self.range = self.low + bound, self.range - bound
        else:
            self.range = bound
        context.learn(bit)
        while self.range < 1 << 24:
            self.range, self.low, self.shifts = self.range << 8, self.low << 8, self.shifts + 1

    def finish(self):
        for bits in (32, 24, 16, 8, 0):
            value = (self.low + (1 << bits) - 1) >> bits << bits
            if value < self.low + self.range:
                break
        return value.to_bytes(self.shifts + 4, "big").rstrip(b"\0")


class Residuals:
    def __init__(self, ratio):
        self.zero = Context(4096 - (4096 - ratio) * 4096 // (4096 + ratio))
        self.sign, self.prefix, power = Context(2048), [], ratio
        for _ in range(12):
            self.prefix.append(Context(4096 - min(4095, power)))
            power = power * power // 4096
        self.suffix = [Context(2200) for _ in range(24)]

    def encode(self, value, coder):
        coder.bit(value == 0, self.zero)
        if value == 0:
            return
        coder.bit(value < 0, self.sign)
        length = abs(value).bit_length() - 1
        for i in range(min(length + 1, 12)):
            coder.bit(i < length, self.prefix[i])
        for i in reversed(range(length)):
            coder.bit(abs(value) >> i & 1, self.suffix[length - 1 if i == length - 1 else 12 + i])


def rounded_mean(values):
    if not values:
        return 0
    total, half = abs(sum(values)), len(values) // 2
    mean = (total + half) // len(values)
    return mean if sum(values) >= 0 else -mean


def unit(pictures, reference, exponent):
    """pictures, reference: dicts of lists x, y, strength."""
    coder, before = Encoder(), reference
    models = {k: [Residuals(r) for r in v] for k, v in RATIOS.items()}
    for index, picture in enumerate(pictures):
        shift_model, location_model, strength_model = models["first" if index == 0 else "next"]
        after = dict(strength=picture["strength"])
        for a, b in zip(picture["strength"], before["strength"]):
            strength_model.encode(a - b, coder)
        for axis in "xy":
            sent = [k for k, s in enumerate(picture["strength"]) if s > 0]
            moves = [picture[axis][k] - before[axis][k] for k in sent]
            shift = rounded_mean(moves)
            shift_model.encode(shift, coder)
            after[axis] = list(before[axis])
            for k, move in zip(sent, moves):
                location_model.encode(move - shift, coder)
                after[axis][k] = picture[axis][k]
        before = picture = after
        pictures[index] = after
    return bytes([1 << 4 | exponent]) + coder.finish()


# --- packets.md


def frame_bytes(f):
    kind = f["frame"]
    if kind == "hello":
        return (integer(1) + b"".join(integer(f[k]) for k in ("width", "height", "rate", "keypointCount", "sourceCount"))
                + bytes.fromhex(f["weightsHash"]))
    if kind == "sourceFragment":
        return integer(2) + integer(f["source"]) + integer(f["sourceLength"]) + integer(f["index"]) + bytes.fromhex(f["bytes"])
    if kind == "keypoints":
        payload = bytes.fromhex(f["payload"])
        return (integer(3) + integer(f["firstPicture"]) + integer(f["pictureCount"]) + integer(f["reference"])
                + integer(len(payload)) + payload)
    if kind == "feedback":
        out = integer(4) + integer(f["largestPacketNumber"]) + integer(f["receivedDatagrams"]) + integer(f["lostPictures"]) + integer(len(f["sources"]))
        for s in f["sources"]:
            bits = bytearray((len(s["arrived"]) + 7) // 8)
            for i, has in enumerate(s["arrived"]):
                bits[i // 8] |= has << i % 8
            out += integer(s["source"]) + integer(len(s["arrived"])) + bytes(bits)
        return out
    if kind == "goodbye":
        return integer(5) + integer(f["reason"]) + integer(f["pictureCount"])
    if kind == "sound":
        return integer(7) + integer(f["codec"])
    if kind == "voice":
        packet = bytes.fromhex(f["packet"])
        return (integer(9) + integer(f["start"]) if "start" in f else integer(8)) + integer(len(packet)) + packet
    return integer(6)


def datagram(call, number, frames):
    return bytes([2]) + call.to_bytes(4, "big") + integer(number) + b"".join(map(frame_bytes, frames))


def write(section, case, data, meaning):
    folder = HERE / section
    folder.mkdir(exist_ok=True)
    lines = [data.hex()[i:i + 64] for i in range(0, 2 * len(data), 64)]
    (folder / f"{case}.hex").write_text("\n".join(lines) + "\n")
    (folder / f"{case}.json").write_text(json.dumps(meaning, indent=1, sort_keys=True) + "\n")


def datagrams():
    hello = dict(frame="hello", width=256, height=256, rate=25, keypointCount=20, sourceCount=1, weightsHash=bytes(range(32)).hex())
    goodbye = dict(frame="goodbye", reason=0, pictureCount=1500)
    keypoints = dict(frame="keypoints", firstPicture=70000, pictureCount=3, reference=0, payload="17a1b2c3d4")
    fragment = dict(frame="sourceFragment", source=300, sourceLength=1103, index=1, bytes="0a0b0c")
    feedback = dict(frame="feedback", largestPacketNumber=16384, receivedDatagrams=16000, lostPictures=3, sources=[
        dict(source=0, arrived=[True]), dict(source=5, arrived=[i % 3 == 0 for i in range(10)])])
    sound, no_sound = dict(frame="sound", codec=1), dict(frame="sound", codec=2)
    # Opus packets by their first byte (RFC 6716, section 3.1): two frames of 60 ms, one of 20 ms, and three of 40 ms.
    pair, single, three = (dict(frame="voice", packet=p) for p in ("1902a1a2b1", "08c1c2", "1383030102d1d2d3d4"))
    placed = single | dict(start=140003)
    good = dict(hello=[hello], goodbye=[goodbye], keypoints=[keypoints], fragment=[fragment], feedback=[feedback],
                keep_alive=[dict(frame="keepAlive")], several=[hello, keypoints, goodbye],
                hello_with_sound=[hello, sound], voice=[keypoints, pair], voice_in_parts=[keypoints, three, single],
                voice_alone=[placed, single], voice_late=[single | dict(start=4294967289)])
    for index, (case, frames) in enumerate(good.items()):
        call, number = 0xC0FFEE00 + index, (0, 63, 64, 16383, 16384, 0x3FFFFFFF, 7, 8, 9, 10, 11, 12)[index]
        write("datagrams", case, datagram(call, number, frames), dict(call=call, packetNumber=number, frames=frames))
    start = bytes.fromhex("02c0ffee0000")
    bad = dict(
        nothing=(b"", "truncated"), version_0=(b"\0" + start[1:] + b"\6", "unsupportedVersion"),
        version_1=(b"\1" + start[1:] + b"\6", "unsupportedVersion"),
        version_3=(b"\3" + start[1:] + b"\6", "unsupportedVersion"), header_only=(start, "empty"),
        short_call=(start[:3], "truncated"), long_packet_number=(start[:5] + bytes.fromhex("c000000040000000") + b"\6", "valueOutOfRange"),
        unknown_frame=(start + b"\12", "unknownFrameType"), frame_0=(start + b"\0", "unknownFrameType"),
        cut_hello=(start + frame_bytes(hello)[:-1], "truncated"),
        odd_width=(start + frame_bytes(hello | dict(width=255)), "valueOutOfRange"),
        huge_width=(start + frame_bytes(hello | dict(width=8194)), "valueOutOfRange"),
        no_rate=(start + frame_bytes(hello | dict(rate=0)), "valueOutOfRange"),
        no_keypoints=(start + frame_bytes(hello | dict(keypointCount=0)), "valueOutOfRange"),
        many_keypoints=(start + frame_bytes(hello | dict(keypointCount=65)), "valueOutOfRange"),
        many_sources=(start + frame_bytes(hello | dict(sourceCount=9)), "valueOutOfRange"),
        source_too_long=(start + frame_bytes(fragment | dict(sourceLength=262145)), "valueOutOfRange"),
        empty_source=(start + frame_bytes(fragment | dict(sourceLength=0)), "valueOutOfRange"),
        fragment_past_end=(start + frame_bytes(fragment | dict(index=2)), "valueOutOfRange"),
        large_identifier=(start + frame_bytes(fragment | dict(source=16384)), "valueOutOfRange"),
        short_fragment=(start + frame_bytes(fragment | dict(bytes="0a0b")), "truncated"),
        no_pictures=(start + frame_bytes(keypoints | dict(pictureCount=0)), "valueOutOfRange"),
        many_pictures=(start + frame_bytes(keypoints | dict(pictureCount=17)), "valueOutOfRange"),
        late_picture=(start + frame_bytes(keypoints | dict(firstPicture=4294967232)), "valueOutOfRange"),
        no_payload=(start + frame_bytes(keypoints | dict(payload="")), "valueOutOfRange"),
        absurd_payload_length=(start + bytes.fromhex("03000100" "bfffffff") + b"\1", "valueOutOfRange"),
        unknown_reason=(start + frame_bytes(goodbye | dict(reason=5)), "valueOutOfRange"),
        many_statuses=(start + frame_bytes(feedback | dict(sources=[dict(source=i, arrived=[True]) for i in range(9)])), "valueOutOfRange"),
        empty_status=(start + frame_bytes(feedback | dict(sources=[dict(source=0, arrived=[])])), "valueOutOfRange"),
        unknown_sound=(start + frame_bytes(no_sound), "valueOutOfRange"), cut_sound=(start + b"\7", "truncated"),
        voice_nowhere=(start + frame_bytes(single), "misplacedFrame"),
        voice_after_hello=(start + frame_bytes(hello) + frame_bytes(single), "misplacedFrame"),
        voice_past_end=(start + frame_bytes(single | dict(start=4294967290)), "valueOutOfRange"),
        empty_voice=(start + frame_bytes(placed | dict(packet="")), "valueOutOfRange"),
        cut_voice=(start + frame_bytes(placed)[:-1], "truncated"),
        long_voice=(start + frame_bytes(placed | dict(packet="08" * 1101)), "valueOutOfRange"),
        voice_of_10_ms=(start + frame_bytes(placed | dict(packet="00a1")), "valueOutOfRange"),
        voice_of_30_ms=(start + frame_bytes(placed | dict(packet="0303a1a2a3")), "valueOutOfRange"),
        voice_of_180_ms=(start + frame_bytes(placed | dict(packet="1b03a1a2a3")), "valueOutOfRange"),
        voice_without_count=(start + frame_bytes(placed | dict(packet="1b")), "valueOutOfRange"),
        voice_of_no_frames=(start + frame_bytes(placed | dict(packet="1b00")), "valueOutOfRange"),
        many_frames=(start + b"\6" * 33, "valueOutOfRange"), oversized=(start + b"\6" * 1195, "oversized"))
    for case, (data, error) in bad.items():
        write("datagrams", "bad_" + case, data, dict(error=error))


def keypoints():
    rng = random.Random(7)
    for exponent in (4, 7, 10):
        top = 2 << exponent
        for case, count, spread in (("still", 1, 0), ("motion", 4, max(1, top // 64)), ("wild", 3, top)):
            def draw(before):
                move = lambda v: max(0, min(top, v + rng.randint(-spread, spread)))
                return dict(x=[move(v) for v in before["x"]], y=[move(v) for v in before["y"]],
                            strength=[rng.choice((s, s, s, 0, 7)) if spread else s for s in before["strength"]])
            reference = dict(x=[rng.randint(0, top) for _ in range(20)], y=[rng.randint(0, top) for _ in range(20)],
                             strength=[rng.randint(1, 7) for _ in range(20)])
            pictures, before = [], reference
            for _ in range(count):
                before = draw(before)
                pictures.append(before)
            data = unit(pictures, reference, exponent)
            write("keypoints", f"{case}_{exponent}", data, dict(exponent=exponent, reference=reference, pictures=pictures))
    edge = dict(x=[256], y=[0], strength=[7])
    data = unit([dict(x=[250], y=[0], strength=[7])], dict(x=[0], y=[0], strength=[7]), 7)
    bad = dict(empty=(b"", "empty"), format_2=(b"\x27\0", "unknownFormat"), exponent_3=(b"\x13", "unknownFormat"),
               exponent_11=(b"\x1b", "unknownFormat"), other_exponent=(b"\x18", "referenceMismatch"),
               past_the_edge=(data, "valueOutOfRange"))
    for case, (data, error) in bad.items():
        write("keypoints", "bad_" + case, data, dict(error=error, exponent=7, reference=edge, pictureCount=1))


def source(points, exponent, key_frame, kind=1):
    count = len(points["x"])
    neutral = dict(x=[1 << exponent] * count, y=[1 << exponent] * count, strength=[7] * count)
    coded = unit([points], neutral, exponent)
    body = bytes([kind, count]) + len(coded).to_bytes(2, "big") + coded + key_frame
    return body + zlib.crc32(body).to_bytes(4, "big")


def sources():
    rng = random.Random(8)
    points = dict(x=[rng.randint(0, 256) for _ in range(20)], y=[rng.randint(0, 256) for _ in range(20)], strength=[rng.randint(1, 7) for _ in range(20)])
    key_frame = bytes(rng.randrange(256) for _ in range(64))
    good = source(points, 7, key_frame)
    write("sources", "good", good, dict(keypointCount=20, exponent=7, keypoints=points, keyFrame=key_frame.hex()))
    body = good[:-4]
    sealed = lambda b: b + zlib.crc32(b).to_bytes(4, "big")
    bad = dict(checksum=good[:-1] + bytes([good[-1] ^ 1]), kind=source(points, 7, key_frame, kind=2), short=good[:8], empty=b"",
               keypoints_past_end=sealed(body[:2] + b"\xff\xff" + body[4:]), no_key_frame=sealed(body[:-64]),
               no_keypoints=sealed(body[:2] + b"\0\0" + body[4:]))
    for case, data in bad.items():
        write("sources", "bad_" + case, data, dict(error="corrupt", keypointCount=20))
    write("sources", "bad_keypoint_count", good, dict(error="keypointCount", keypointCount=19))


for section in (datagrams, keypoints, sources):
    section()
print("wrote", len(list(HERE.glob("*/*.hex"))), "vectors")
