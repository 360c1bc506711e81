"""The vectors of the section datagrams."""
from packets import datagram, frame_bytes, integer, payload
from writing import write

HELLO = dict(frame="hello", width=256, height=256, rate=25, keypointCount=20, promisedRate=12200, isKnown=0, nextPicture=0,
             weightsHash=bytes(range(32)).hex())
SOUND = dict(frame="sound", codec=1)
GOODBYE = dict(frame="goodbye", reason=0, pictureCount=1500)
ALIVE = dict(frame="keepAlive")
RESTARTED = dict(frame="restarted")
KEYPOINTS = dict(frame="keypoints", firstPicture=4464, pictureCount=3, set=7, pictureBefore=15, payload="17a1b2c3d4")
FROM_SOURCE = dict(frame="keypoints", firstPicture=65535, pictureCount=6, set=255, source=40, payload="17")
AGAIN = dict(frame="keypointsAgain", pictureCount=3, payload="a7b1c2")
OFFER = dict(frame="sourceOffer", source=300, length=4200, hash=bytes(range(16)).hex())
DATA = dict(frame="sourceData", source=300, offset=1100, bytes="0a0b0c")
SET = dict(frame="sourceSet", set=2, members=[0, 3, 300])
DROP = dict(frame="sourceDrop", source=300)
ACK = dict(frame="acknowledgement", largest=65500, delay=100, arrival=40000, arrived=70, ranges=[[1, 3], [100, 1]])
STATUS = dict(frame="sourceStatus", source=5, held=[[0, 100], [101, 4000]])
REPORT = dict(frame="report", receivedDatagrams=16000, lostPictures=3, lostVoiceTicks=6)
# Opus packets by their first byte (RFC 6716, section 3.1): two frames of 60 ms, one of 20 ms, and three of 40 ms.
PAIR, SINGLE, THREE = (dict(frame="voice", packet=p) for p in ("1902a1a2b1", "08c1c2", "1383030102d1d2d3d4"))
HOLD = dict(frame="hold", firstPicture=4467, pictureCount=3, isMarked=False)
KEY = dict(frame="picture", picture=4470, kind="key", offset=0, bytes="100200", isLast=False)
ANCHOR = dict(frame="picture", picture=65530, kind="anchor", distance=12, offset=300, bytes="0a0b0c", isLast=True)
LEAF = dict(frame="picture", picture=7, kind="leaf", distance=1500, offset=0, bytes="31", isLast=True)
ANCHORED = dict(frame="pictureStatus", anchor=4470)
PLACED = SINGLE | dict(start=8931)


def datagrams():
    good = dict(
        hello=[HELLO], hello_with_sound=[HELLO, SOUND], hello_again=[HELLO | dict(isKnown=1, nextPicture=90000)], goodbye=[GOODBYE],
        farewell=[GOODBYE | dict(reason=3, isReceivers=1)], restarted=[RESTARTED, ACK], keep_alive=[ALIVE], keypoints=[KEYPOINTS],
        keypoints_from_source=[FROM_SOURCE], keypoints_twice=[KEYPOINTS, FROM_SOURCE], voice=[KEYPOINTS, PAIR],
        keypoints_again=[KEYPOINTS, AGAIN], keypoints_again_before_voice=[KEYPOINTS, AGAIN | dict(pictureCount=6), PAIR],
        voice_in_parts=[KEYPOINTS, THREE, SINGLE], voice_alone=[PLACED, SINGLE], voice_late=[SINGLE | dict(start=65535)],
        offer=[OFFER], data=[DATA], data_in_the_middle=[DATA, ALIVE], set=[SET], drop=[DROP],
        full=[KEYPOINTS, PAIR, SET, OFFER, DATA], acknowledgement=[ACK],
        acknowledgement_of_one=[ACK | dict(arrived=1, ranges=[])], status=[ACK, STATUS],
        status_nothing=[STATUS | dict(held=[])], status_in_parts=[STATUS | dict(held=[[3 * i + 1, 3 * i + 2] for i in range(8)])],
        hold=[HOLD], hold_marked=[HOLD | dict(pictureCount=16, isMarked=True)], hold_with_voice=[HOLD, PAIR, KEY], picture_key=[KEY],
        picture_anchor=[ANCHOR], picture_leaf=[LEAF], picture_in_the_middle=[ANCHOR, LEAF, KEY, ALIVE],
        picture_status=[ACK, ANCHORED], picture_status_nothing=[ACK, dict(frame="pictureStatus"), REPORT],
        report=[ACK, STATUS, REPORT], both_directions=[KEYPOINTS, SINGLE, ACK, STATUS, DATA])
    for index, (case, frames) in enumerate(good.items()):
        call, number = 0xC0FFEE00 + index, (0, 63, 64, 16383, 16384, 65535)[index % 6]
        write("datagrams", case, datagram(call, number, frames), dict(call=call, packetNumber=number, frames=frames))
    start = bytes.fromhex("0400c0ffee000000")
    long_hello = frame_bytes(HELLO | dict(promisedRate=1_000_000_001))
    headers = dict(
        nothing=(b"", "truncated"), version_2=(b"\2" + start[1:] + b"\4", "unsupportedVersion"),
        version_3=(b"\3" + start[1:] + b"\4", "unsupportedVersion"), kind_1=(b"\4\1" + start[2:] + b"\4", "unknownKind"),
        header_only=(start, "empty"), short_call=(start[:4], "truncated"), short_number=(start[:7], "truncated"),
        many_frames=(start + b"\4" * 33, "valueOutOfRange"), oversized=(start + b"\4" * 1193, "oversized"),
        long_payload=(start + b"\4" * 1190, "oversized"))
    frames = dict(
        unknown_frame=(b"\x40\x4c", "unknownFrameType"), again_alone=(payload([AGAIN]), "misplacedFrame"),
        again_after_voice=(payload([PLACED, AGAIN]), "misplacedFrame"), again_of_nothing=(payload([KEYPOINTS, AGAIN | dict(payload="")]), "valueOutOfRange"),
        cut_again=(payload([KEYPOINTS, AGAIN, ALIVE])[:-3], "truncated"), frame_0=(b"\0", "unknownFrameType"), frame_79=(b"\x40\x4f\0\0", "unknownFrameType"),
        frame_81=(b"\x40\x51", "unknownFrameType"), seven_pictures=(b"\x26" + frame_bytes(KEYPOINTS)[1:], "unknownFrameType"),
        seven_pictures_at_the_end=(b"\x36" + frame_bytes(KEYPOINTS)[1:], "unknownFrameType"), frame_96=(b"\x40\x60", "unknownFrameType"),
        hold_with_unknown_marks=(frame_bytes(HOLD)[:-1] + b"\x20", "valueOutOfRange"), cut_hold=(frame_bytes(HOLD)[:-1], "truncated"),
        picture_of_nothing=(frame_bytes(KEY | dict(bytes="")), "valueOutOfRange"),
        picture_of_nothing_at_the_end=(frame_bytes(KEY | dict(bytes=""), last=True), "valueOutOfRange"),
        picture_past_the_longest=(frame_bytes(KEY | dict(offset=65534)), "valueOutOfRange"),
        picture_beyond=(frame_bytes(KEY | dict(offset=65536)), "valueOutOfRange"), cut_picture=(frame_bytes(ANCHOR)[:-1], "truncated"),
        anchor_of_itself=(frame_bytes(ANCHOR | dict(distance=0)), "valueOutOfRange"),
        leaf_far_back=(frame_bytes(LEAF | dict(distance=1501)), "valueOutOfRange"),
        two_anchors=(integer(0x50) + b"\2\0\0\0\0", "valueOutOfRange"), cut_picture_status=(frame_bytes(ANCHORED)[:-1], "truncated"), cut_hello=(frame_bytes(HELLO)[:-1], "truncated"),
        odd_width=(frame_bytes(HELLO | dict(width=255)), "valueOutOfRange"),
        huge_width=(frame_bytes(HELLO | dict(width=8194)), "valueOutOfRange"),
        no_rate=(frame_bytes(HELLO | dict(rate=0)), "valueOutOfRange"),
        rate_1000=(frame_bytes(HELLO | dict(rate=1000)), "valueOutOfRange"),
        no_keypoints=(frame_bytes(HELLO | dict(keypointCount=0)), "valueOutOfRange"),
        many_keypoints=(frame_bytes(HELLO | dict(keypointCount=65)), "valueOutOfRange"),
        no_promise=(frame_bytes(HELLO | dict(promisedRate=0)), "valueOutOfRange"), long_promise=(long_hello, "valueOutOfRange"),
        picture_too_late=(frame_bytes(HELLO | dict(nextPicture=4294967296)), "valueOutOfRange"),
        half_known=(frame_bytes(HELLO | dict(isKnown=2)), "valueOutOfRange"),
        source_too_long=(frame_bytes(OFFER | dict(length=262145)), "valueOutOfRange"),
        empty_source=(frame_bytes(OFFER | dict(length=0)), "valueOutOfRange"),
        large_identifier=(frame_bytes(OFFER | dict(source=16384)), "valueOutOfRange"),
        cut_offer=(frame_bytes(OFFER)[:-1], "truncated"),
        data_past_the_longest=(frame_bytes(DATA | dict(offset=262143)), "valueOutOfRange"),
        data_beyond=(frame_bytes(DATA | dict(offset=262144)), "valueOutOfRange"),
        data_of_nothing=(frame_bytes(DATA | dict(bytes="")), "valueOutOfRange"),
        data_of_nothing_at_the_end=(frame_bytes(DATA | dict(bytes=""), last=True), "valueOutOfRange"),
        cut_data=(frame_bytes(DATA)[:-1], "truncated"), empty_set=(frame_bytes(SET | dict(members=[])), "valueOutOfRange"),
        many_members=(frame_bytes(SET | dict(members=list(range(9)))), "valueOutOfRange"),
        member_twice=(frame_bytes(SET | dict(members=[1, 1])), "valueOutOfRange"),
        members_descending=(frame_bytes(SET | dict(members=[2, 1])), "valueOutOfRange"),
        reference_far_back=(frame_bytes(KEYPOINTS | dict(pictureBefore=65)), "valueOutOfRange"),
        reference_to_no_source=(frame_bytes(FROM_SOURCE | dict(source=16384)), "valueOutOfRange"),
        no_payload=(frame_bytes(KEYPOINTS | dict(payload="")), "valueOutOfRange"),
        no_payload_at_the_end=(frame_bytes(KEYPOINTS | dict(payload=""), last=True), "valueOutOfRange"),
        long_payload_of_keypoints=(frame_bytes(KEYPOINTS | dict(payload="17" * 1101)), "valueOutOfRange"),
        absurd_payload_length=(bytes.fromhex("2200000700" "bfffffff") + b"\1", "valueOutOfRange"),
        cut_keypoints=(frame_bytes(KEYPOINTS)[:-1], "truncated"),
        unknown_reason=(frame_bytes(GOODBYE | dict(reason=5)), "valueOutOfRange"),
        late_goodbye=(frame_bytes(GOODBYE | dict(pictureCount=4294967296)), "valueOutOfRange"),
        many_ranges=(frame_bytes(ACK | dict(ranges=[[1, 1]] * 17)), "valueOutOfRange"),
        range_of_nothing=(frame_bytes(ACK | dict(ranges=[[1, 0]])), "valueOutOfRange"),
        gap_of_nothing=(frame_bytes(ACK | dict(ranges=[[0, 1]])), "valueOutOfRange"),
        nothing_arrived=(frame_bytes(ACK | dict(arrived=0)), "valueOutOfRange"),
        ranges_far_back=(frame_bytes(ACK | dict(arrived=1000, ranges=[[20, 5]])), "valueOutOfRange"),
        long_delay=(frame_bytes(ACK | dict(delay=16384)), "valueOutOfRange"), cut_ack=(frame_bytes(ACK)[:-1], "truncated"),
        many_held=(frame_bytes(STATUS | dict(held=[[2 * i, 2 * i + 1] for i in range(9)])), "valueOutOfRange"),
        held_nothing=(frame_bytes(STATUS | dict(held=[[5, 5]])), "valueOutOfRange"),
        held_without_gap=(frame_bytes(STATUS | dict(held=[[0, 5], [5, 6]])), "valueOutOfRange"),
        held_beyond=(frame_bytes(STATUS | dict(held=[[0, 262144], [262145, 262146]])), "valueOutOfRange"),
        cut_report=(frame_bytes(REPORT)[:-1], "truncated"),
        unknown_sound=(frame_bytes(dict(frame="sound", codec=2)), "valueOutOfRange"), cut_sound=(b"\2", "truncated"),
        voice_nowhere=(payload([SINGLE]), "misplacedFrame"), voice_after_hello=(payload([HELLO, SINGLE]), "misplacedFrame"),
        empty_voice=(frame_bytes(PLACED | dict(packet="")), "valueOutOfRange"),
        cut_voice=(frame_bytes(PLACED)[:-1], "truncated"),
        long_voice=(frame_bytes(PLACED | dict(packet="08" * 1101)), "valueOutOfRange"),
        voice_of_10_ms=(frame_bytes(PLACED | dict(packet="00a1")), "valueOutOfRange"),
        voice_of_30_ms=(frame_bytes(PLACED | dict(packet="0303a1a2a3")), "valueOutOfRange"),
        voice_of_180_ms=(frame_bytes(PLACED | dict(packet="1b03a1a2a3")), "valueOutOfRange"),
        voice_without_count=(frame_bytes(PLACED | dict(packet="1b"), last=True), "valueOutOfRange"),
        voice_of_no_frames=(frame_bytes(PLACED | dict(packet="1b00")), "valueOutOfRange"))
    for case, (data, error) in (headers | {k: (start + v, e) for k, (v, e) in frames.items()}).items():
        write("datagrams", "bad_" + case, data, dict(error=error))
