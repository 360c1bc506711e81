"""Datagrams and frames as ../packets.md and ../feedback.md define them, from dictionaries to bytes."""


def integer(value):
    """A variable-length integer (RFC 9000, section 16)."""
    for exponent, bits in enumerate((6, 14, 30, 62)):
        if value < 1 << bits:
            return (value | exponent << bits).to_bytes(1 << exponent, "big")
    raise ValueError(value)


def short(value):
    """The low 16 bits."""
    return (value & 0xFFFF).to_bytes(2, "big")


def counted(payload, last):
    """Bytes with their length before them, unless they are the last ones of the datagram."""
    return payload if last else integer(len(payload)) + payload


def frame_bytes(f, last=False):
    kind = f["frame"]
    if kind == "hello":
        numbers = ("width", "height", "rate", "keypointCount", "promisedRate", "isKnown", "nextPicture")
        return integer(0x01) + b"".join(integer(f[k]) for k in numbers) + bytes.fromhex(f["weightsHash"])
    if kind == "sound":
        return integer(0x02) + integer(f["codec"])
    if kind == "goodbye":
        return integer(0x12 if f.get("isReceivers") else 0x03) + integer(f["reason"]) + integer(f["pictureCount"])
    if kind == "keepAlive":
        return integer(0x04)
    if kind == "sourceOffer":
        return integer(0x05) + integer(f["source"]) + integer(f["length"]) + bytes.fromhex(f["hash"])
    if kind == "sourceSet":
        return integer(0x06) + bytes([f["set"]]) + integer(len(f["members"])) + b"".join(map(integer, f["members"]))
    if kind == "sourceDrop":
        return integer(0x07) + integer(f["source"])
    if kind == "acknowledgement":
        out = integer(0x08) + short(f["largest"]) + integer(f["delay"]) + short(f["arrival"])
        out += integer(len(f["ranges"])) + integer(f["arrived"])
        return out + b"".join(integer(missing) + integer(arrived) for missing, arrived in f["ranges"])
    if kind == "sourceStatus":
        out, end = integer(0x09) + integer(f["source"]) + integer(len(f["held"])), 0
        for start, stop in f["held"]:
            out, end = out + integer(start - end) + integer(stop - start), stop
        return out
    if kind == "report":
        return integer(0x0A) + b"".join(integer(f[k]) for k in ("receivedDatagrams", "lostPictures", "lostVoiceTicks"))
    if kind == "restarted":
        return integer(0x0B)
    if kind == "sourceData":
        head = integer(0x0C + last) + integer(f["source"]) + integer(f["offset"])
        return head + counted(bytes.fromhex(f["bytes"]), last)
    if kind == "voice":
        head = integer(0x10 + last) + short(f["start"]) if "start" in f else integer(0x0E + last)
        return head + counted(bytes.fromhex(f["packet"]), last)
    if kind == "hold":
        return integer(0x13) + short(f["firstPicture"]) + bytes([f["pictureCount"] - 1 + 16 * f["isMarked"]])
    if kind == "picture":
        marks = last + 2 * f["isLast"] + 4 * ("key", "anchor", "leaf").index(f["kind"])
        distance = integer(f["distance"]) if "distance" in f else b""
        return integer(0x40 + marks) + short(f["picture"]) + distance + integer(f["offset"]) + counted(bytes.fromhex(f["bytes"]), last)
    if kind == "pictureStatus":
        return integer(0x50) + (integer(1) + short(f["anchor"]) if "anchor" in f else integer(0))
    if kind == "keypointsAgain":
        return integer((0x1A if last else 0x14) + f["pictureCount"] - 1) + counted(bytes.fromhex(f["payload"]), last)
    assert kind == "keypoints", kind
    head = bytes([(0x30 if last else 0x20) + f["pictureCount"] - 1]) + short(f["firstPicture"]) + bytes([f["set"]])
    reference = f["source"] << 1 | 1 if "source" in f else (f["pictureBefore"] - 1) << 1
    return head + integer(reference) + counted(bytes.fromhex(f["payload"]), last)


def payload(frames):
    return b"".join(frame_bytes(f, last=i == len(frames) - 1) for i, f in enumerate(frames))


def datagram(call, number, frames):
    return bytes([4, 0]) + call.to_bytes(4, "big") + short(number) + payload(frames)
