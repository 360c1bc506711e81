"""What Examples/dissect.sh needs: recordings of datagrams, and checks of what tshark makes of them with
Protocol/pantograph.lua. No packages beyond Python's own library.

usage: dissect.py vectors FOLDER                           vectors, good and malformed, and damaged ones
       dissect.py tone FILE.wav SECONDS                    a sound, for a call that has one
       dissect.py record FILE.pcap PORT                    a relay to 127.0.0.1:PORT that records what passes
       dissect.py plain FILE SEND.jsonl RECEIVE.jsonl PORT a recorded call against what the programs counted
       dissect.py sealed FILE SEND.jsonl RECEIVE.jsonl PORT
"""
import hashlib
import json
import math
import pathlib
import random
import re
import select
import socket
import struct
import subprocess
import sys
import time
import wave
import xml.etree.ElementTree as ElementTree

PROTOCOL = pathlib.Path(__file__).resolve().parent.parent / "Protocol"
VECTOR_PORT = 5000
# An IPv4 header and a UDP header.
HEADERS = 28


class Recording:
    """A pcap file of UDP datagrams, with IPv4 headers around them that are made up but for the ports."""

    def __init__(self, path):
        self.file = open(path, "wb")
        # Microseconds, link type 101: the bytes begin with the IP header.
        self.file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 101))

    def add(self, payload, source, target, at):
        host = bytes([127, 0, 0, 1])
        udp = struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload
        header = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, host, host)
        words = struct.unpack(">10H", header)
        total = sum(words)
        total = (total & 0xFFFF) + (total >> 16)
        checksum = ~((total & 0xFFFF) + (total >> 16)) & 0xFFFF
        packet = header[:10] + struct.pack(">H", checksum) + header[12:] + udp
        seconds = int(at)
        self.file.write(struct.pack("<IIII", seconds, int((at - seconds) * 1e6), len(packet), len(packet)))
        self.file.write(packet)

    def close(self):
        self.file.close()


class Packet:
    """One UDP datagram as tshark shows it."""

    def __init__(self, element):
        fields = {}
        for field in element.iter("field"):
            fields.setdefault(field.get("name"), []).append(field.get("show"))
        # Shown as a date; its value is in seconds.
        self.time = float(next(field.get("value") for field in element.iter("field") if field.get("name") == "timestamp"))
        self.number = int(fields["num"][0])
        self.source, self.target = int(fields["udp.srcport"][0]), int(fields["udp.dstport"][0])
        self.size = int(fields["udp.length"][0]) - 8
        self.protocols = [proto.get("name") for proto in element.iter("proto")]
        self.fields = {name.removeprefix("pantograph."): shown for name, shown in fields.items() if name}
        self.is_dissected = "pantograph" in self.protocols
        self.error = self.text("error")
        # Wireshark's own mark, which follows from the error and from a dissector that runs over the end.
        self.is_malformed = "_ws.malformed" in self.protocols
        self.frames = []
        for field in element.iter("field"):
            if field.get("name") == "pantograph.frame":
                frame = {}
                for part in field.iter("field"):
                    frame.setdefault((part.get("name") or "").removeprefix("pantograph."), []).append(part.get("show"))
                self.frames.append(frame)

    def text(self, name):
        """The first value of a field; nothing where it is not there."""
        return self.fields.get(name, [None])[0]

    def numbers(self, name):
        return [int(shown, 0) for shown in self.fields.get(name, [])]


def dissect(path, *options):
    """All UDP datagrams of a recording, in order; fails where the dissector itself does."""
    command = ["tshark", "-X", f"lua_script:{PROTOCOL / 'pantograph.lua'}", "-r", str(path), "-Y", "udp && !icmp"]
    result = subprocess.run([*command, "-T", "pdml", *options], capture_output=True, text=True, errors="replace")
    if result.returncode != 0 or "Lua Error" in result.stdout or "lua" in result.stderr.lower():
        found = re.findall(r".*Lua Error.*", result.stdout)[:3]
        sys.exit(f"tshark: status {result.returncode}\n{result.stderr}\n" + "\n".join(found))
    return [Packet(element) for element in ElementTree.fromstring(result.stdout).iter("packet")]


def require(condition, *what):
    if not condition:
        sys.exit("dissect.py: " + " ".join(map(str, what)))


# Vectors

TYPES = {
    "hello": [0x01], "sound": [0x02], "goodbye": [0x03, 0x12], "keepAlive": [0x04], "sourceOffer": [0x05],
    "sourceSet": [0x06], "sourceDrop": [0x07], "acknowledgement": [0x08], "sourceStatus": [0x09], "report": [0x0A],
    "restarted": [0x0B], "sourceData": [0x0C, 0x0D], "voice": [0x0E, 0x0F, 0x10, 0x11],
    "keypointsAgain": list(range(0x14, 0x20)), "keypoints": [*range(0x20, 0x26), *range(0x30, 0x36)], "hold": [0x13],
    "picture": list(range(0x40, 0x4C)), "pictureStatus": [0x50],
}
# What a vector calls a value, and what the dissector calls its field.
NAMES = {
    ("hello", "width"): "hello.width", ("hello", "height"): "hello.height", ("hello", "rate"): "hello.rate",
    ("hello", "keypointCount"): "hello.keypoint_count", ("hello", "promisedRate"): "hello.promised_rate",
    ("hello", "isKnown"): "hello.is_known", ("hello", "nextPicture"): "hello.next_picture",
    ("hello", "weightsHash"): "hello.weights_hash", ("sound", "codec"): "sound.codec",
    ("goodbye", "reason"): "goodbye.reason", ("goodbye", "pictureCount"): "goodbye.picture_count",
    ("keypoints", "firstPicture"): "keypoints.first_picture", ("keypoints", "set"): "keypoints.source_set",
    ("keypoints", "pictureCount"): "keypoints.picture_count", ("keypoints", "payload"): "keypoints.coded",
    ("keypoints", "source"): "keypoints.reference_source",
    ("keypointsAgain", "pictureCount"): "keypoints.again_count", ("keypointsAgain", "payload"): "keypoints.coded",
    ("keypoints", "pictureBefore"): "keypoints.reference_distance",
    ("sourceOffer", "source"): "source.identifier", ("sourceOffer", "length"): "source.length",
    ("sourceOffer", "hash"): "source.content_hash", ("sourceData", "source"): "source.identifier",
    ("sourceData", "offset"): "data.offset", ("sourceData", "bytes"): "data.bytes",
    ("sourceSet", "set"): "set.number", ("sourceSet", "members"): "source.identifier",
    ("sourceDrop", "source"): "source.identifier", ("voice", "packet"): "voice.packet",
    ("voice", "start"): "voice.start_low", ("acknowledgement", "largest"): "ack.largest_low",
    ("acknowledgement", "delay"): "ack.delay", ("acknowledgement", "arrival"): "ack.arrival",
    ("sourceStatus", "source"): "source.identifier",
    ("report", "receivedDatagrams"): "report.received_datagrams", ("report", "lostPictures"): "report.lost_pictures",
    ("report", "lostVoiceTicks"): "report.lost_sound",
    ("hold", "firstPicture"): "hold.first_picture", ("hold", "pictureCount"): "hold.picture_count",
    ("hold", "isMarked"): "hold.is_marked", ("picture", "picture"): "picture.number_low",
    ("picture", "kind"): "picture.kind", ("picture", "distance"): "picture.reference_distance",
    ("picture", "offset"): "picture.offset", ("picture", "bytes"): "picture.bytes",
    ("picture", "isLast"): "picture.is_last", ("pictureStatus", "anchor"): "picture_status.anchor_low",
}


def check_frame(case, expected, frame):
    kind = expected["frame"]
    require(int(frame["frame.type"][0], 0) in TYPES[kind], case, "is no", kind)
    for key, value in expected.items():
        if key == "frame":
            continue
        if key == "isReceivers":
            require(int(frame["frame.type"][0], 0) == 0x12, case, "is a sender's goodbye")
            continue
        if key == "ranges":
            name, shown = key, [[int(missing), int(arrived)] for missing, arrived in zip(
                frame.get("ack.missing", []), frame["ack.arrived"][1:])]
        elif key == "arrived":
            name, shown = key, int(frame["ack.arrived"][0])
        elif key == "held":
            name, shown = key, [[int(low), int(high) + 1] for low, high in re.findall(
                r"(\d+)-(\d+)", frame["status.held"][0])]
        elif isinstance(value, bool) or key == "kind":
            name = NAMES[kind, key]
            shown = frame[name][0] if key == "kind" else frame[name][0] in ("1", "True", "true")
        else:
            name = NAMES[kind, key]
            shown = [part.replace(":", "") if isinstance(value, str) else int(part, 0) for part in frame.get(name, [])]
            shown = shown if isinstance(value, list) else shown[0] if len(shown) == 1 else shown
        require(shown == value, f"{case}: {name} is {value}, the dissector says {shown}")


def check_datagrams(folder):
    """Every vector of a datagram is dissected to what its JSON says, or marked with the error that it names."""
    cases = []
    recording = Recording(folder / "vectors.pcap")
    for path in sorted((PROTOCOL / "vectors" / "datagrams").glob("*.hex")):
        payload = bytes.fromhex(path.read_text())
        # No dissector of any protocol is asked about a datagram without bytes.
        if payload:
            # A port for each case, so that none follows from another one.
            recording.add(payload, 10000 + len(cases), VECTOR_PORT, len(cases))
            cases.append((path.stem, payload, json.loads(path.with_suffix(".json").read_text())))
    recording.close()
    require(len(cases) > 50, "the vectors of datagrams are not there")
    packets = dissect(folder / "vectors.pcap", "-d", f"udp.port=={VECTOR_PORT},pantograph")
    require(len(packets) == len(cases), len(packets), "datagrams of", len(cases))
    for packet, (case, payload, meaning) in zip(packets, cases):
        require(packet.is_dissected, case, "is not dissected")
        require(packet.error == meaning.get("error"), f"{case}: {packet.error} instead of {meaning.get('error')}")
        require(packet.is_malformed == ("error" in meaning), case, "has the wrong mark")
        if "error" in meaning:
            continue
        require(int(packet.text("call"), 0) == meaning["call"], case, "is of another call")
        require(packet.numbers("packet_number_low") == [meaning["packetNumber"]], case, "has another number")
        require(len(packet.frames) == len(meaning["frames"]), case, "has other frames")
        for expected, frame in zip(meaning["frames"], packet.frames):
            check_frame(case, expected, frame)
    bad = sum("error" in meaning for _, _, meaning in cases)
    print(f"{len(cases) - bad} good vectors dissect to what they mean, {bad} malformed ones are marked as they should be")
    return [payload for _, payload, _ in cases]


def check_handshakes(folder):
    """Questions, answers and sealed datagrams of the handshake's vectors are known by themselves, in full numbers."""
    expected = []
    recording = Recording(folder / "handshakes.pcap")
    for index, path in enumerate(sorted((PROTOCOL / "vectors" / "handshake").glob("*.json"))):
        vector = json.loads(path.read_text())
        initiator, responder = 20000 + index, 30000 + index
        steps = [("question", vector["question"], "initiator", None), ("answer", vector["answer"], "responder", None)]
        for sealed in vector.get("sealed", []):
            steps.append(("sealed", sealed["datagram"], sealed["from"], int(sealed["packetNumber"])))
        for kind, text, end, number in steps:
            source, target = (initiator, responder) if end == "initiator" else (responder, initiator)
            recording.add(bytes.fromhex(text), source, target, len(expected))
            expected.append((path.stem, kind, number, index, len(text) // 2))
    recording.close()
    packets = dissect(folder / "handshakes.pcap")
    require(len(packets) == len(expected) > 0, len(packets), "datagrams of handshakes, not", len(expected))
    kinds = ["plain", "question", "answer", "sealed"]
    for packet, (case, kind, number, stream, size) in zip(packets, expected):
        require(packet.is_dissected and not packet.error, case, kind, "is not dissected")
        require(packet.numbers("kind") == [kinds.index(kind)], case, "is no", kind)
        require(packet.numbers("stream") == [stream], case, kind, "belongs to another call")
        if number is None:
            parts = [len(packet.text(name).replace(":", "")) // 2
                     for name in ("noise.ephemeral", "noise.payload", "noise.tag")]
            require(parts == [32, 37, 16], case, kind, parts)
        else:
            require(packet.numbers("packet_number") == [number], case, "has another number than", number)
            require(packet.numbers("epoch") == [number >> 16], case, number, "is of another epoch")
            require(packet.numbers("ciphertext_length") == [size - 11], case, number, "has another length")
    print(f"{len(expected)} datagrams of handshakes and sealed calls are told apart and numbered")


def check_damaged(folder, vectors):
    """Whatever bytes come, the dissector says what they are or what is wrong, and never fails itself."""
    numbers = random.Random(3)
    damaged = [payload[:end] for payload in vectors if len(payload) < 200 for end in range(1, len(payload))]
    for _ in range(3000):
        payload = bytearray(numbers.choice(vectors))
        for _ in range(numbers.randint(1, 4)):
            payload[numbers.randrange(len(payload))] = numbers.randrange(256)
        if numbers.random() < 0.5:
            payload[:2] = bytes([4, 0])
        damaged.append(bytes(payload))
    recording = Recording(folder / "damaged.pcap")
    for index, payload in enumerate(damaged):
        recording.add(payload, 10000 + index % 50000, VECTOR_PORT, index)
    recording.close()
    packets = dissect(folder / "damaged.pcap", "-d", f"udp.port=={VECTOR_PORT},pantograph")
    require(len(packets) == len(damaged), len(packets), "datagrams of", len(damaged))
    good = 0
    for packet, payload in zip(packets, damaged):
        require(packet.is_dissected and packet.is_malformed == bool(packet.error), "not dissected:", payload.hex())
        if not packet.error and packet.numbers("kind") == [0]:
            length = sum(int(frame["frame.length"][0]) for frame in packet.frames)
            require(length == len(payload) - 8, "bytes left over, and no error:", payload.hex())
            good += 1
    print(f"{len(damaged)} damaged datagrams: {good} are good by chance, all others are marked or not plain")


def vectors(folder):
    folder = pathlib.Path(folder)
    payloads = check_datagrams(folder)
    check_handshakes(folder)
    check_damaged(folder, payloads)


# Calls

def tone(path, seconds):
    """Syllables: a hum with overtones that swells four times a second, and pauses each other second."""
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        samples = []
        for index in range(int(float(seconds) * 16000)):
            at = index / 16000
            loudness = max(0.0, math.sin(2 * math.pi * 4 * at)) if at % 2 < 1 else 0
            hum = sum(math.sin(2 * math.pi * 140 * k * at) / k for k in range(1, 12))
            samples.append(int(6000 * loudness * hum))
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def record(path, port):
    """Carries datagrams between one sender and 127.0.0.1:port until five seconds without any, and records them."""
    recording = Recording(path)
    near = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    near.bind(("127.0.0.1", 0))
    far = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    far.connect(("127.0.0.1", int(port)))
    own = near.getsockname()[1]
    print(f"relaying from 127.0.0.1:{own}", file=sys.stderr, flush=True)
    sender = None
    while True:
        ready, _, _ = select.select([near, far], [], [], 5 if sender else 60)
        if not ready:
            break
        for end in ready:
            try:
                payload, address = end.recvfrom(65535)
                now = time.time()
                if end is near:
                    sender = address
                    recording.add(payload, sender[1], own, now)
                    far.send(payload)
                elif sender:
                    recording.add(payload, own, sender[1], now)
                    near.sendto(payload, sender)
            except ConnectionRefusedError:
                pass  # One end has finished already.
    recording.close()


def load(path):
    return json.loads(pathlib.Path(path).read_text().splitlines()[-1])


def near(name, counted, shown, slack=2):
    require(abs(counted - shown) <= slack, f"{name}: the program counted {counted:.0f}, the recording shows {shown}")


def traffic(path, send, receive, port):
    """What both ends sent, checked against both programs' counts of datagrams and bytes."""
    packets = dissect(path)
    require(packets, "nothing was recorded")
    for packet in packets:
        require(packet.is_dissected, "datagram", packet.number, "is not dissected")
        require(not packet.is_malformed and not packet.error, "datagram", packet.number, "is malformed:", packet.error)
        require("contradiction" not in packet.fields, "datagram", packet.number, "contradicts those before it")
        require(packet.numbers("stream") == [0], "datagram", packet.number, "belongs to another call")
    there = [packet for packet in packets if packet.target == int(port)]
    back = [packet for packet in packets if packet.source == int(port)]
    require(len(there) + len(back) == len(packets), "datagrams of others were recorded")
    near("datagrams", send["datagrams"], len(there), 0)
    near("bytes of the sender", send["wireBytes"], sum(packet.size + HEADERS for packet in there), 0)
    near("bytes of the receiver", receive["returnWireBytes"], sum(packet.size + HEADERS for packet in back), 0)
    return there, back


def kind_of(frame):
    number = int(frame["frame.type"][0], 0)
    return next(name for name, numbers in TYPES.items() if number in numbers)


def frames_of(packets, *kinds):
    return [(packet, frame) for packet in packets for frame in packet.frames if kind_of(frame) in kinds]


def length(frames):
    return sum(int(frame["frame.length"][0]) for _, frame in frames)


def check_acknowledgements(there, back):
    """What the receiver acknowledged was sent, and is all that was sent and is to be acknowledged."""
    feedback = {"acknowledgement", "sourceStatus", "report", "goodbye"}
    sent = {packet.numbers("packet_number")[0]: packet for packet in there}
    require(sorted(sent) == list(range(len(there))), "the sender's packet numbers do not count up from 0")
    acknowledged = set()
    for _, frame in frames_of(back, "acknowledgement"):
        for low, high in re.findall(r"(\d+)(?:-(\d+))?", frame["ack.packets"][0]):
            acknowledged.update(range(int(low), int(high or low) + 1))
    require(acknowledged <= sent.keys(), "acknowledged and never sent:", sorted(acknowledged - sent.keys())[:5])
    # The last ones may end with the call.
    end = there[-1].time - 1
    wanted = {number for number, packet in sent.items()
              if packet.time < end and any(kind_of(frame) not in feedback for frame in packet.frames)}
    require(wanted <= acknowledged, "never acknowledged:", sorted(wanted - acknowledged)[:5])
    return acknowledged


def check_sources(there):
    """The bytes of each source, put together from the recording, are those that its offer names."""
    offers = {}
    for _, frame in frames_of(there, "sourceOffer"):
        offers[frame["source.identifier"][0]] = (
            int(frame["source.length"][0]), frame["source.content_hash"][0].replace(":", ""))
    pieces = {}
    for _, frame in frames_of(there, "sourceData"):
        piece = bytes.fromhex(frame["data.bytes"][0].replace(":", ""))
        pieces.setdefault(frame["source.identifier"][0], []).append((int(frame["data.offset"][0]), piece))
    whole = 0
    for source, parts in pieces.items():
        require(source in offers, "bytes of source", source, "that was never offered")
        size, digest = offers[source]
        content, held = bytearray(size), bytearray(size)
        for offset, piece in parts:
            content[offset:offset + len(piece)] = piece
            held[offset:offset + len(piece)] = b"\1" * len(piece)
        if all(held):
            require(hashlib.sha256(content).hexdigest()[:32] == digest, "source", source, "is not what was offered")
            whole += 1
    require(whole > 0, "no source is whole")
    return whole


def plain(path, send, receive, port):
    send, receive = load(send), load(receive)
    there, back = traffic(path, send, receive, port)
    keypoints = frames_of(there, "keypoints")
    pictures = [int(frame["keypoints.picture"][0]) + index for _, frame in keypoints
                for index in range(int(frame["keypoints.picture_count"][0]))]
    require(pictures == sorted(set(pictures)), "pictures are sent twice, or not in order")
    near("pictures", send["pictures"], len(pictures), 0)
    near("pictures that were received", receive["pictures"] + receive["lostPictures"], pictures[-1] - pictures[0] + 1, 0)
    rate = send["seconds"] * 1000 / 8
    # The programs tell rates in thousandths of a kbit/s.
    slack = 2 + rate / 1000
    near("bytes of keypoints", send["keypointKilobitsPerSecond"] * rate, length(keypoints), slack)
    source_frames = frames_of(there, "sourceOffer", "sourceData", "sourceSet", "sourceDrop")
    near("bytes of sources", send["sourceKilobitsPerSecond"] * rate, length(source_frames), slack)
    voice = frames_of(there, "voice")
    near("bytes of sound", send["voiceBytes"], length(voice), 0)
    require(voice and all("voice.start" in frame for _, frame in voice), "sound without a place")
    ends = 0
    for _, frame in voice:
        start = int(frame["voice.start"][0])
        require(start >= ends, "sound overlaps at tick", start)
        ends = start + int(frame["voice.ticks"][0])
    acknowledged = check_acknowledgements(there, back)
    whole = check_sources(there)
    print(
        f"plain: {len(there)} datagrams there, {len(back)} back, none malformed; {len(keypoints)} KEYPOINTS with "
        f"{len(pictures)} pictures, {len(voice)} VOICE, {len(frames_of(there, 'sourceData'))} SOURCE_DATA "
        f"({whole} whole sources), {len(frames_of(back, 'acknowledgement'))} ACK of {len(acknowledged)} packets: "
        "as the programs counted")


def sealed(path, send, receive, port):
    send, receive = load(send), load(receive)
    there, back = traffic(path, send, receive, port)
    for name, packets in (("sender", there), ("receiver", back)):
        kinds = [packet.numbers("kind")[0] for packet in packets]
        require(0 not in kinds, "a plain datagram of the", name)
        require(kinds[0] == (1 if name == "sender" else 2), "no handshake of the", name)
        numbers = [packet.numbers("packet_number")[0] for packet in packets if packet.numbers("kind") == [3]]
        require(numbers == sorted(set(numbers)), "a packet number of the", name, "is used twice")
    sizes = [packet.size for packet in there + back if packet.numbers("kind") == [3]]
    print(f"sealed: {len(there)} datagrams there, {len(back)} back, none malformed; {len(sizes)} are sealed")


if __name__ == "__main__":
    commands = {"vectors": vectors, "tone": tone, "record": record, "plain": plain, "sealed": sealed}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
