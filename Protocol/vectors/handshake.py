"""Writes the vectors of handshake.md with two Noise implementations that are not ours.

The initiator is dissononce's, the responder noiseprotocol's (both from PyPI, MIT licence); what comes after
the handshake is written here, from the specification, over the package `cryptography`. It shares no code with
the Swift implementation, which must give the same bytes in both roles. Without the packages it says so,
writes nothing and fails: whoever compares what it wrote would compare nothing.

    pip install noiseprotocol dissononce && python3 Protocol/vectors/handshake.py
"""

import hashlib
import hmac
import json
import pathlib
import sys

try:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms
    from dissononce.cipher.chachapoly import ChaChaPolyCipher
    from dissononce.dh.x25519.private import PrivateKey
    from dissononce.dh.x25519.public import PublicKey
    from dissononce.dh.x25519.x25519 import X25519DH
    from dissononce.extras.dh.dangerous.dh_nogen import NoGenDH
    from dissononce.hash.sha256 import SHA256Hash
    from dissononce.processing.handshakepatterns.interactive.KK import KKHandshakePattern
    from dissononce.processing.handshakepatterns.interactive.NN import NNHandshakePattern
    from dissononce.processing.impl.cipherstate import CipherState
    from dissononce.processing.impl.handshakestate import HandshakeState
    from dissononce.processing.impl.symmetricstate import SymmetricState
    from dissononce.processing.modifiers.psk import PSKPatternModifier
    from noise.connection import Keypair, NoiseConnection
except ImportError as error:
    sys.exit(f"handshake vectors: nothing is written, {error.name} is not installed")

FOLDER = pathlib.Path(__file__).parent / "handshake"
PROLOGUE = b"Pantograph 4"
QUESTION, ANSWER, SEALED = (kind << 6 | 4 for kind in (1, 2, 3))
WEIGHTS = hashlib.sha256(b"weights").digest()


def secret(name):
    return hashlib.sha256(f"handshake vector: {name}".encode()).digest()


def public(private):
    return X25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def dissononce_initiator(case):
    """A function that takes the payload and gives the question, and one that takes an answer and gives
    its payload and the keys of the two directions."""
    dh = X25519DH()
    state = HandshakeState(
        SymmetricState(CipherState(ChaChaPolyCipher()), SHA256Hash()),
        NoGenDH(dh, PrivateKey(bytes.fromhex(case["initiatorEphemeral"]))))
    statics = {}
    if case["pattern"] == "KKpsk0":
        statics["s"] = dh.generate_keypair(PrivateKey(bytes.fromhex(case["initiatorStatic"])))
        statics["rs"] = PublicKey(public(bytes.fromhex(case["responderStatic"])))
    plain = {"NNpsk0": NNHandshakePattern, "KKpsk0": KKHandshakePattern}[case["pattern"]]()
    state.initialize(
        PSKPatternModifier(0).modify(plain), True, PROLOGUE, psks=[bytes.fromhex(case["preShared"])],
        **statics)

    def ask(payload):
        message = bytearray()
        state.write_message(payload, message)
        return bytes(message)

    def take(answer):
        payload = bytearray()
        ciphers = state.read_message(answer, payload)
        return bytes(payload), [cipher._key for cipher in ciphers]

    return ask, take


def noiseprotocol_responder(case):
    """A function that takes a question and a payload, and gives the question's payload, the answer, and the
    keys of the two directions, the initiator's first."""
    name = f"Noise_{case['pattern']}_25519_ChaChaPoly_SHA256"
    connection = NoiseConnection.from_name(name.encode())
    connection.set_as_responder()
    connection.set_prologue(PROLOGUE)
    connection.set_psks(bytes.fromhex(case["preShared"]))
    private = connection.set_keypair_from_private_bytes
    private(Keypair.EPHEMERAL, bytes.fromhex(case["responderEphemeral"]))
    if case["pattern"] == "KKpsk0":
        private(Keypair.STATIC, bytes.fromhex(case["responderStatic"]))
        connection.set_keypair_from_public_bytes(
            Keypair.REMOTE_STATIC, public(bytes.fromhex(case["initiatorStatic"])))
    connection.start_handshake()

    def answer(question, payload):
        read = bytes(connection.read_message(question))
        message = bytes(connection.write_message(payload))
        protocol = connection.noise_protocol
        keys = protocol.cipher_state_decrypt.k, protocol.cipher_state_encrypt.k
        return read, message, list(keys)

    return answer


def terms(weights=WEIGHTS, keypoints=20, sources=8, datagram=1200):
    return {
        "weightsHash": weights.hex(), "keypointCount": keypoints, "sourceSetSize": sources,
        "largestDatagram": datagram,
    }


def payload(terms, status=0):
    return (
        bytes([status]) + bytes.fromhex(terms["weightsHash"])
        + bytes([terms["keypointCount"], terms["sourceSetSize"]])
        + terms["largestDatagram"].to_bytes(2, "big"))


def expand(key, label):
    """HKDF-Expand (RFC 5869, section 2.3) of one block."""
    return hmac.digest(key, f"pantograph 4 {label}".encode() + b"\x01", "sha256")


def seal(key, number, plaintext):
    """A sealed datagram of the direction whose first key is `key` (handshake.md, section 4)."""
    for _ in range(number >> 16):
        key = expand(key, "next")
    header = bytes([SEALED | (number >> 16 & 1) << 5]) + (number & 0xFFFF).to_bytes(2, "big")
    # The first field is the block counter, then four bytes of zero, then the number: RFC 8439, section 2.3.
    nonce = (1).to_bytes(4, "little") + bytes(4) + number.to_bytes(8, "little")
    stream = Cipher(algorithms.ChaCha20(expand(key, "cipher"), nonce), mode=None).encryptor()
    ciphertext = stream.update(plaintext)
    tag = hmac.digest(expand(key, "tag"), number.to_bytes(8, "big") + header + ciphertext, "sha256")
    return header + ciphertext + tag[:8]


def write(name, pattern, ours=None, theirs=None, refusal=0, static_only=False):
    case = {
        "pattern": pattern,
        "preShared": bytes(32).hex() if static_only else secret(f"{name} pre-shared").hex(),
        "initiatorEphemeral": secret(f"{name} initiator").hex(),
        "responderEphemeral": secret(f"{name} responder").hex(),
        "initiatorTerms": ours or terms(),
        "responderTerms": theirs or terms(),
        "refusal": refusal,
    }
    if pattern == "KKpsk0":
        case["initiatorStatic"] = secret(f"{name} initiator static").hex()
        case["responderStatic"] = secret(f"{name} responder static").hex()
        case["initiatorStaticPublic"] = public(bytes.fromhex(case["initiatorStatic"])).hex()
        case["responderStaticPublic"] = public(bytes.fromhex(case["responderStatic"])).hex()
    ask, take = dissononce_initiator(case)
    answer = noiseprotocol_responder(case)
    question = ask(payload(case["initiatorTerms"]))
    asked, message, keys = answer(question, payload(case["responderTerms"], refusal))
    assert asked == payload(case["initiatorTerms"])
    answered, initiator_keys = take(message)
    assert answered == payload(case["responderTerms"], refusal) and initiator_keys == keys
    case["question"] = (bytes([QUESTION]) + question).hex()
    case["answer"] = (bytes([ANSWER]) + message).hex()
    assert len(case["question"]) == len(case["answer"]) == 2 * 86
    case["sealed"] = [] if refusal else [
        {
            "from": end, "packetNumber": number, "payload": text.hex(),
            "datagram": seal(key, number, text).hex(),
        }
        for end, key in zip(("initiator", "responder"), keys)
        for number, text in (
            (0, b"\x00"), (1, b"keypoints"), (300, bytes(i % 251 for i in range(1189))), (65535, b"last"),
            (65536, b"first"), (131073, b"again"))
    ]
    (FOLDER / f"{name}.json").write_text(json.dumps(case, indent=1) + "\n")


FOLDER.mkdir(exist_ok=True)
write("shared", "NNpsk0")
write("statics", "KKpsk0", static_only=True)
write("statics_and_shared", "KKpsk0")
write("smaller_needs", "NNpsk0", ours=terms(sources=1, datagram=600))
write("weights_differ", "NNpsk0", ours=terms(weights=bytes(32)), refusal=1)
write("more_sources", "NNpsk0", theirs=terms(sources=4), refusal=2)
write("other_keypoints", "NNpsk0", theirs=terms(keypoints=21), refusal=2)
write("longer_datagrams", "NNpsk0", theirs=terms(datagram=600), refusal=2)
