"""Writes the vectors of this folder: an implementation of ../packets.md, ../keypoints.md and ../sources.md
that shares no code with the Swift one. Run: python3 Protocol/vectors/make.py
"""
from keypoint_vectors import keypoints, sources
from writing import HERE, write


def integer(value):
    """A variable-length integer (RFC 9000, section 16)."""
    for exponent, bits in enumerate((6, 14, 30, 62)):
        if value < 1 << bits:
            return (value | exponent << bits).to_bytes(1 << exponent, "big")
    raise ValueError(value)


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


for section in (datagrams, keypoints, sources):
    section()
print("wrote", len(list(HERE.glob("*/*.hex"))), "vectors")
