-- A dissector of Pantograph datagrams, version 4, for Wireshark and tshark (4.0 and later): written from
-- packets.md, feedback.md, audio.md and handshake.md. Plain datagrams are shown whole, sealed ones up to their
-- ciphertext. What breaks a rule has the field pantograph.error, with the name that packets.md, section 5
-- gives it, and an expert information of the group "Malformed".
--
-- tshark -X lua_script:Protocol/pantograph.lua -r call.pcapng
--
-- No port is the protocol's own: calls are known by their first datagram, HELLO or a question. Where a
-- recording begins later, add -d udp.port==PORT,pantograph.

local pantograph = Proto("pantograph", "Pantograph")

-- Limits of the specification (constants.md), named as there.
local version = 4
local largestDatagram, datagramOverhead = 1200, 11
local headerSize, sealedHeaderSize, tagLength, handshakeLength = 8, 3, 8, 86
local largestSource, largestSourceSet = 262144, 8
local largestKeypointPayload, largestVoicePayload = 1100, 1100
local largestPicture, largestPictureDistance = 65536, 1500
local largestKeypointCount, largestFrameCount = 64, 32
local sourceIdentifierLimit, largestReferenceDistance = 16384, 64
local largestAckRangeCount, largestAckSpan, largestAckDelay = 16, 1024, 16383
local largestHeldRangeCount, largestRate = 8, 1000000000
local largestNumber = 2 ^ 32 - 1

-- Fields

local kinds = { [0] = "plain", [1] = "question", [2] = "answer", [3] = "sealed" }
local reasons = {
    [0] = "finished", [1] = "failed", [2] = "weights differ", [3] = "busy", [4] = "unsupported",
}
local codecs = { [1] = "Opus" }
local types = {
    [0x01] = "HELLO", [0x02] = "SOUND", [0x03] = "GOODBYE", [0x04] = "KEEP_ALIVE", [0x05] = "SOURCE_OFFER",
    [0x06] = "SOURCE_SET", [0x07] = "SOURCE_DROP", [0x08] = "ACK", [0x09] = "SOURCE_STATUS", [0x0A] = "REPORT",
    [0x0B] = "RESTARTED", [0x0C] = "SOURCE_DATA", [0x0D] = "SOURCE_DATA", [0x0E] = "VOICE", [0x0F] = "VOICE",
    [0x10] = "VOICE_AT", [0x11] = "VOICE_AT", [0x12] = "GOODBYE", [0x13] = "HOLD", [0x50] = "PICTURE_STATUS",
}
for type = 0x14, 0x1F do types[type] = "KEYPOINTS_AGAIN" end
for type = 0x20, 0x25 do types[type], types[type + 16] = "KEYPOINTS", "KEYPOINTS" end
for type = 0x40, 0x4B do types[type] = "PICTURE" end

local field = {}
local function define(key, kind, name, ...)
    field[key] = ProtoField[kind]("pantograph." .. key, name, ...)
end

define("kind", "uint8", "Kind", base.DEC, kinds, 0xC0)
define("phase", "uint8", "Phase", base.DEC, nil, 0x20)
define("version", "uint8", "Version", base.DEC, nil, 0x1F)
define("plain_kind", "uint8", "Kind", base.DEC)
define("call", "uint32", "Call Identifier", base.HEX)
define("packet_number_low", "uint16", "Packet Number (16 bits)")
define("packet_number", "uint32", "Packet Number")
define("stream", "uint32", "Call, counted in this recording")
define("error", "string", "Error")

define("noise", "bytes", "Noise Message")
define("noise.ephemeral", "bytes", "Ephemeral Key")
define("noise.payload", "bytes", "Enciphered Payload")
define("noise.tag", "bytes", "Tag")
define("noise.question", "framenum", "Question", base.NONE, frametype.REQUEST)
define("epoch", "uint32", "Epoch")
define("ciphertext", "bytes", "Ciphertext")
define("ciphertext_length", "uint32", "Ciphertext Length")
define("tag", "bytes", "Tag")

define("frame", "none", "Frame")
define("frame.type", "uint32", "Type", base.HEX, types)
define("frame.length", "uint32", "Frame Length")

define("hello.width", "uint32", "Picture Width")
define("hello.height", "uint32", "Picture Height")
define("hello.rate", "uint32", "Picture Rate")
define("hello.keypoint_count", "uint32", "Keypoint Count")
define("hello.promised_rate", "uint32", "Promised Rate")
define("hello.is_known", "uint32", "Is Known")
define("hello.next_picture", "uint32", "Next Picture")
define("hello.weights_hash", "bytes", "Weights Hash")
define("sound.codec", "uint32", "Codec", base.DEC, codecs)
define("goodbye.reason", "uint32", "Reason", base.DEC, reasons)
define("goodbye.picture_count", "uint32", "Picture Count")

define("keypoints.picture_count", "uint32", "Pictures")
define("keypoints.again_count", "uint32", "Pictures before these, once more")
define("keypoints.first_picture", "uint16", "First Picture (16 bits)")
define("keypoints.picture", "uint32", "First Picture")
define("keypoints.source_set", "uint8", "Source Set")
define("keypoints.reference", "uint32", "Reference")
define("keypoints.reference_source", "uint32", "Reference: Source")
define("keypoints.reference_distance", "uint32", "Reference: Pictures before the First")
define("keypoints.reference_picture", "uint32", "Reference: Picture")
define("keypoints.length", "uint32", "Length")
define("keypoints.coded", "bytes", "Coded Keypoints")

define("hold.first_picture", "uint16", "First Picture (16 bits)")
define("hold.picture", "uint32", "First Picture")
define("hold.marks", "uint8", "Is Marked and Count", base.HEX)
define("hold.picture_count", "uint32", "Pictures that are not warped")
define("hold.is_marked", "bool", "Is Marked")

define("picture.number_low", "uint16", "Picture (16 bits)")
define("picture.number", "uint32", "Picture")
define("picture.kind", "string", "Kind")
define("picture.reference_distance", "uint32", "Reference Distance")
define("picture.reference", "uint32", "Reference: Picture")
define("picture.offset", "uint32", "Offset")
define("picture.length", "uint32", "Length")
define("picture.bytes", "bytes", "Bytes")
define("picture.is_last", "bool", "Last bytes of the picture")
define("picture_status.count", "uint32", "Anchor Count")
define("picture_status.anchor_low", "uint16", "Anchor (16 bits)")

define("source.identifier", "uint32", "Source Identifier")
define("source.length", "uint32", "Source Length")
define("source.content_hash", "bytes", "Content Hash")
define("data.offset", "uint32", "Offset")
define("data.length", "uint32", "Length")
define("data.bytes", "bytes", "Bytes")
define("set.number", "uint8", "Set Number")
define("set.source_count", "uint32", "Source Count")

define("voice.start_low", "uint16", "Start (16 bits)")
define("voice.start", "uint32", "Start")
define("voice.ticks", "uint32", "Ticks of 20 ms")
define("voice.length", "uint32", "Length")
define("voice.packet", "bytes", "Opus Packet")

define("ack.largest_low", "uint16", "Largest (16 bits)")
define("ack.largest", "uint32", "Largest")
define("ack.delay", "uint32", "Delay")
define("ack.arrival", "uint16", "Arrival")
define("ack.range_count", "uint32", "Range Count")
define("ack.arrived", "uint32", "Arrived")
define("ack.missing", "uint32", "Missing")
define("ack.packets", "string", "Packets")
define("status.range_count", "uint32", "Range Count")
define("status.gap", "uint32", "Gap")
define("status.length", "uint32", "Length")
define("status.held", "string", "Held")
define("report.received_datagrams", "uint32", "Received Datagrams")
define("report.lost_pictures", "uint32", "Lost Pictures")
define("report.lost_sound", "uint32", "Lost Sound")

local list = {}
for _, one in pairs(field) do list[#list + 1] = one end
pantograph.fields = list

local malformed = ProtoExpert.new(
    "pantograph.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR)
local contradiction = ProtoExpert.new(
    "pantograph.contradiction", "Contradicts what came before", expert.group.SEQUENCE, expert.severity.WARN)
local cut = ProtoExpert.new(
    "pantograph.cut", "The recording holds only a part of it", expert.group.UNDECODED, expert.severity.WARN)
pantograph.experts = { malformed, contradiction, cut }

-- Reading: a cursor that raises {error = name, detail = text}; what was read before is kept, to be shown.

local Cursor = {}
Cursor.__index = Cursor

local function fail(name, detail) error({ error = name, detail = detail }, 0) end

function Cursor.new(bytes, at)
    return setmetatable({ bytes = bytes, at = at, stop = bytes:len(), items = {} }, Cursor)
end

-- Moves on over `count` bytes and returns where they begin.
function Cursor:skip(count)
    if count > self.stop - self.at then fail("truncated") end
    self.at = self.at + count
    return self.at - count
end

function Cursor:keep(key, at, value)
    self.items[#self.items + 1] = { field = field[key], at = at, length = self.at - at, value = value }
    return value
end

-- A value of `count` bytes, most significant first.
function Cursor:fixed(key, count)
    local at = self:skip(count)
    return self:keep(key, at, self.bytes(at, count):uint())
end

-- A variable-length integer (RFC 9000, section 16). In a double, which is exact up to 2^53: all that may be are.
function Cursor:integer(key, low, high)
    local at = self:skip(1)
    local first = self.bytes(at, 1):uint()
    local count, value = 2 ^ math.floor(first / 64), first % 64
    self:skip(count - 1)
    for place = at + 1, at + count - 1 do value = value * 256 + self.bytes(place, 1):uint() end
    if value < low or value > high then
        fail("valueOutOfRange", string.format("%s = %.0f", field[key] and key or "value", value))
    end
    return self:keep(key, at, value)
end

function Cursor:take(key, count)
    local at = self:skip(count)
    return self:keep(key, at, self.bytes(at, count))
end

-- Bytes with a length before them or, in a frame that says so, up to the end.
function Cursor:payload(lengthKey, key, largest, toTheEnd)
    local count
    if toTheEnd then
        count = self.stop - self.at
        if count < 1 or count > largest then
            fail("valueOutOfRange", string.format("%s = %d", lengthKey, count))
        end
    else
        count = self:integer(lengthKey, 1, largest)
    end
    return self:take(key, count)
end

function Cursor:source() return self:integer("source.identifier", 0, sourceIdentifierLimit - 1) end

-- How many ticks of 20 ms an Opus packet lasts (RFC 6716, sections 3.1 and 3.2).
local function ticks(packet)
    local first = packet(0, 1):uint()
    local code, configuration = first % 4, math.floor(first / 8)
    local frames = code == 0 and 1 or 2
    if code == 3 then
        if packet:len() < 2 then fail("valueOutOfRange", "voice.packet ends before its frame count") end
        frames = packet(1, 1):uint() % 64
    end
    local tenths
    if configuration < 12 then
        tenths = ({ 100, 200, 400, 600 })[configuration % 4 + 1]
    elseif configuration < 16 then
        tenths = ({ 100, 200 })[configuration % 2 + 1]
    else
        tenths = ({ 25, 50, 100, 200 })[configuration % 4 + 1]
    end
    local duration = frames * tenths
    if duration % 200 ~= 0 or duration < 200 or duration > 1200 then
        fail("valueOutOfRange", string.format("voice.packet lasts %g ms", duration / 10))
    end
    return duration / 200
end

-- Frames: each reads its fields after the type, and leaves in `frame` what other frames or the summary need.

local read = {}

function read.HELLO(cursor, frame)
    for _, side in ipairs({ "hello.width", "hello.height" }) do
        local value = cursor:integer(side, 2, 8192)
        if value % 2 == 1 then fail("valueOutOfRange", string.format("%s = %d", side, value)) end
    end
    frame.rate = cursor:integer("hello.rate", 1, 120)
    cursor:integer("hello.keypoint_count", 1, largestKeypointCount)
    cursor:integer("hello.promised_rate", 1, largestRate)
    frame.isKnown = cursor:integer("hello.is_known", 0, 1) == 1
    frame.nextPicture = cursor:integer("hello.next_picture", 0, largestNumber)
    cursor:take("hello.weights_hash", 32)
end

function read.SOUND(cursor) cursor:integer("sound.codec", 1, 1) end

function read.GOODBYE(cursor, frame)
    frame.summary = reasons[cursor:integer("goodbye.reason", 0, 4)]
    cursor:integer("goodbye.picture_count", 0, largestNumber)
end

function read.KEEP_ALIVE() end
function read.RESTARTED() end

function read.KEYPOINTS(cursor, frame)
    frame.pictureCount = frame.type % 16 + 1
    frame.firstPicture = cursor:fixed("keypoints.first_picture", 2)
    cursor:fixed("keypoints.source_set", 1)
    local reference = cursor:integer("keypoints.reference", 0, 2 ^ 62)
    local value = math.floor(reference / 2)
    if reference % 2 == 1 then
        if value >= sourceIdentifierLimit then
            fail("valueOutOfRange", string.format("keypoints.reference_source = %.0f", value))
        end
        frame.source = value
    else
        if value >= largestReferenceDistance then
            fail("valueOutOfRange", string.format("keypoints.reference_distance = %.0f", value + 1))
        end
        frame.distance = value + 1
    end
    cursor:payload("keypoints.length", "keypoints.coded", largestKeypointPayload, frame.type >= 0x30)
end

function read.KEYPOINTS_AGAIN(cursor, frame, _, hasKeypoints)
    local toTheEnd = frame.type >= 0x1A
    frame.againCount = frame.type - (toTheEnd and 0x1A or 0x14) + 1
    frame.summary = string.format("%d pictures", frame.againCount)
    cursor:payload("keypoints.length", "keypoints.coded", largestKeypointPayload, toTheEnd)
    if not hasKeypoints then fail("misplacedFrame", "no keypoints before say which pictures they are of") end
end

function read.HOLD(cursor, frame)
    frame.heldFirst = cursor:fixed("hold.first_picture", 2)
    local marks = cursor:fixed("hold.marks", 1)
    if marks > 31 then fail("valueOutOfRange", string.format("hold.marks = %d", marks)) end
    frame.heldCount, frame.isMarked = marks % 16 + 1, marks >= 16
    frame.summary = string.format("%d pictures%s", frame.heldCount, frame.isMarked and ", marked" or "")
end

function read.PICTURE(cursor, frame)
    local marks = frame.type - 0x40
    frame.streamKind = ({ "key", "anchor", "leaf" })[math.floor(marks / 4) + 1]
    frame.isLast = math.floor(marks / 2) % 2 == 1
    frame.streamNumber = cursor:fixed("picture.number_low", 2)
    if marks >= 4 then
        frame.streamDistance = cursor:integer("picture.reference_distance", 1, largestPictureDistance)
    end
    local offset = cursor:integer("picture.offset", 0, largestPicture - 1)
    local largest = math.min(largestPicture - offset, largestDatagram)
    local bytes = cursor:payload("picture.length", "picture.bytes", largest, marks % 2 == 1)
    frame.summary = string.format("%s at %d+%d", frame.streamKind, offset, bytes:len())
end

function read.PICTURE_STATUS(cursor, frame)
    frame.summary = "nothing"
    if cursor:integer("picture_status.count", 0, 1) == 1 then
        frame.summary = cursor:fixed("picture_status.anchor_low", 2)
    end
end

function read.SOURCE_OFFER(cursor, frame)
    frame.summary = cursor:source()
    cursor:integer("source.length", 1, largestSource)
    cursor:take("source.content_hash", 16)
end

function read.SOURCE_DATA(cursor, frame)
    local source = cursor:source()
    local offset = cursor:integer("data.offset", 0, largestSource - 1)
    local largest = math.min(largestSource - offset, largestDatagram)
    local bytes = cursor:payload("data.length", "data.bytes", largest, frame.type % 2 == 1)
    frame.summary = string.format("%d at %d+%d", source, offset, bytes:len())
end

function read.SOURCE_SET(cursor, frame)
    local number = cursor:fixed("set.number", 1)
    local members = {}
    for index = 1, cursor:integer("set.source_count", 1, largestSourceSet) do
        members[index] = cursor:source()
        if index > 1 and members[index] <= members[index - 1] then
            fail("valueOutOfRange", string.format("source.identifier = %d", members[index]))
        end
    end
    frame.summary = string.format("%d={%s}", number, table.concat(members, ","))
end

function read.SOURCE_DROP(cursor, frame) frame.summary = cursor:source() end

local function voice(cursor, frame)
    local packet = cursor:payload("voice.length", "voice.packet", largestVoicePayload, frame.type % 2 == 1)
    frame.ticks = ticks(packet)
end

function read.VOICE(cursor, frame, hasPlace)
    voice(cursor, frame)
    if not hasPlace then fail("misplacedFrame", "no frame before says where the sound begins") end
end

function read.VOICE_AT(cursor, frame)
    frame.startLow = cursor:fixed("voice.start_low", 2)
    voice(cursor, frame)
end

function read.ACK(cursor, frame)
    frame.largestLow = cursor:fixed("ack.largest_low", 2)
    cursor:integer("ack.delay", 0, largestAckDelay)
    cursor:fixed("ack.arrival", 2)
    local count = cursor:integer("ack.range_count", 0, largestAckRangeCount)
    local total = cursor:integer("ack.arrived", 1, largestAckSpan)
    frame.ranges = { { 0, total } }
    for index = 2, count + 1 do
        local missing = cursor:integer("ack.missing", 1, largestAckSpan)
        local arrived = cursor:integer("ack.arrived", 1, largestAckSpan)
        frame.ranges[index] = { missing, arrived }
        total = total + missing + arrived
        if total > largestAckSpan then
            fail("valueOutOfRange", string.format("an ACK of %d packets", total))
        end
    end
end

function read.SOURCE_STATUS(cursor, frame)
    local source = cursor:source()
    local held, stop = {}, 0
    for index = 1, cursor:integer("status.range_count", 0, largestHeldRangeCount) do
        local start = stop + cursor:integer("status.gap", index == 1 and 0 or 1, largestSource)
        stop = start + cursor:integer("status.length", 1, largestSource)
        if stop > largestSource then
            fail("valueOutOfRange", string.format("a range that ends at %d", stop))
        end
        held[index] = string.format("%d-%d", start, stop - 1)
    end
    frame.held = #held > 0 and table.concat(held, ", ") or "nothing"
    frame.summary = string.format("%d: %s", source, frame.held)
end

function read.REPORT(cursor)
    cursor:integer("report.received_datagrams", 0, largestNumber)
    cursor:integer("report.lost_pictures", 0, largestNumber)
    cursor:integer("report.lost_sound", 0, largestNumber)
end

-- Adds the frames of a payload to `frames`, a broken one too; raises as the cursor does.
local function readFrames(bytes, at, frames)
    if bytes:len() - at > largestDatagram - datagramOverhead then
        fail("oversized", string.format("a payload of %d bytes", bytes:len() - at))
    end
    if bytes:len() == at then fail("empty") end
    local hasPlace, hasKeypoints = false, false
    while at < bytes:len() do
        if #frames == largestFrameCount then fail("valueOutOfRange", "more than 32 frames") end
        local cursor = Cursor.new(bytes, at)
        local frame = { at = at, items = cursor.items }
        frames[#frames + 1] = frame
        frame.type = cursor:integer("frame.type", 0, 2 ^ 62)
        frame.name = types[frame.type]
        if not frame.name then
            -- Beyond what the field shows.
            if frame.type > largestNumber then frame.items[1] = nil end
            fail("unknownFrameType", string.format("0x%x", frame.type))
        end
        read[frame.name](cursor, frame, hasPlace, hasKeypoints)
        hasKeypoints = hasKeypoints or frame.name == "KEYPOINTS"
        hasPlace = hasPlace or frame.pictureCount ~= nil or frame.heldCount ~= nil or frame.ticks ~= nil
        at = cursor.at
        frame.length = at - frame.at
    end
end

-- Memory: what a peer knows at this datagram, found when it is seen first and kept by its frame number, since
-- Wireshark dissects again in any order.

local calls, callCount, directions, connections, results = {}, 0, {}, {}, {}

function pantograph.init()
    calls, callCount, directions, connections, results = {}, 0, {}, {}, {}
end

local function place(address, port) return tostring(address) .. "|" .. port end

-- What one end of a call has sent so far: the packet number, picture and tick that come next.
local function direction(call, from)
    local key = call .. "<" .. from
    if not directions[key] then
        directions[key] = { packet = 0, picture = 0, tick = nil, rate = nil, isRestarted = false }
    end
    return directions[key]
end

-- The number with these low bits that is nearest to the expected one (RFC 9000, appendix A.3).
local function nearest(low, bits, expected)
    local window = 2 ^ bits
    local candidate = expected - expected % window + low
    if candidate + window / 2 <= expected then return candidate + window end
    if candidate > expected + window / 2 and candidate >= window then return candidate - window end
    return candidate
end

local function stream(call)
    if not calls[call] then
        calls[call] = callCount
        callCount = callCount + 1
    end
    return calls[call]
end

local function tickOf(picture, rate) return rate and math.floor(50 * picture / rate) end

-- Full numbers for one frame; `own` is its sender's direction, `other` the one it may acknowledge.
local function follow(frame, own, other, sound)
    local told = {}
    if frame.name == "HELLO" then
        own.rate = frame.rate
        own.picture = math.max(own.picture, frame.nextPicture)
    elseif frame.name == "KEYPOINTS" then
        told.picture = nearest(frame.firstPicture, 16, own.picture)
        if frame.distance and frame.distance > told.picture then told.contradiction = true end
        own.picture = math.max(own.picture, told.picture + frame.pictureCount)
        sound.tick = tickOf(told.picture, own.rate)
    elseif frame.name == "HOLD" then
        told.heldPicture = nearest(frame.heldFirst, 16, own.picture)
        own.picture = math.max(own.picture, told.heldPicture + frame.heldCount)
        sound.tick = tickOf(told.heldPicture, own.rate)
    elseif frame.name == "PICTURE" then
        told.streamPicture = nearest(frame.streamNumber, 16, own.picture)
        if frame.streamDistance and frame.streamDistance > told.streamPicture then told.contradiction = true end
    elseif frame.ticks then
        local expected = own.tick or tickOf(own.picture, own.rate) or 0
        if frame.startLow then sound.tick = nearest(frame.startLow, 16, expected) end
        told.start = sound.tick
        if sound.tick then
            sound.tick = sound.tick + frame.ticks
            own.tick = math.max(own.tick or 0, sound.tick)
        end
    elseif frame.name == "ACK" then
        local high = nearest(frame.largestLow, 16, other.packet)
        told.largest, told.packets = high, {}
        for index, range in ipairs(frame.ranges) do
            high = high - range[1]
            local low = high - range[2] + 1
            if low < 0 then
                told.contradiction = true
                break
            end
            told.packets[index] = low == high and string.format("%d", low) or string.format("%d-%d", low, high)
            high = low - 1
        end
    end
    return told
end

local function followPlain(call, number, frames, pinfo)
    local from, to = place(pinfo.src, pinfo.src_port), place(pinfo.dst, pinfo.dst_port)
    local key = string.format("plain %08x", call)
    local own, other = direction(key, from), direction(key, to)
    -- A receiver that was started anew counts its packets anew (feedback.md, section 4).
    local isRestarted = frames[1].name == "RESTARTED"
    if isRestarted and not own.isRestarted then own.packet = 0 end
    own.isRestarted = isRestarted
    local result = { stream = stream(key), packetNumber = nearest(number, 16, own.packet), frames = {} }
    own.packet = math.max(own.packet, result.packetNumber + 1)
    local soundPlace = {}
    for index, frame in ipairs(frames) do result.frames[index] = follow(frame, own, other, soundPlace) end
    return result
end

-- Showing

local function generated(tree, key, value)
    if value ~= nil then tree:add(field[key], value):set_generated() end
end

local function showError(tree, pinfo, failure)
    tree:add(field.error, failure.error):set_generated()
    local text = failure.error .. (failure.detail and ": " .. failure.detail or "")
    tree:add_proto_expert_info(malformed, "Malformed, " .. text)
    pinfo.cols.info:append(" [Malformed: " .. text .. "]")
end

-- What a frame is, in a few words.
local function summary(frame, told)
    if frame.pictureCount and told.picture then
        return string.format(
            "KEYPOINTS %d-%d", told.picture, told.picture + frame.pictureCount - 1)
    elseif told.heldPicture then
        return string.format(
            "HOLD %d-%d%s", told.heldPicture, told.heldPicture + frame.heldCount - 1,
            frame.isMarked and " marked" or "")
    elseif told.streamPicture then
        return string.format("PICTURE %d %s", told.streamPicture, frame.summary)
    elseif frame.ticks and told.start then
        return string.format("%s %d-%d", frame.name, told.start, told.start + frame.ticks - 1)
    elseif told.packets then
        return "ACK " .. table.concat(told.packets, ",")
    elseif frame.summary then
        return frame.name .. " " .. frame.summary
    end
    return frame.name or "unknown frame"
end

local function showFrame(tree, bytes, frame, told)
    local range = bytes(frame.at, frame.length or bytes:len() - frame.at)
    local node = tree:add(field.frame, range)
    node:set_text(summary(frame, told))
    for _, item in ipairs(frame.items) do
        if type(item.value) == "number" then
            node:add(item.field, bytes(item.at, item.length), item.value)
        else
            node:add(item.field, bytes(item.at, item.length))
        end
    end
    generated(node, "keypoints.picture_count", frame.pictureCount)
    generated(node, "keypoints.again_count", frame.againCount)
    generated(node, "keypoints.picture", told.picture)
    generated(node, "keypoints.reference_source", frame.source)
    generated(node, "keypoints.reference_distance", frame.distance)
    if frame.distance and told.picture and not told.contradiction then
        generated(node, "keypoints.reference_picture", told.picture - frame.distance)
    end
    generated(node, "hold.picture", told.heldPicture)
    generated(node, "hold.picture_count", frame.heldCount)
    generated(node, "hold.is_marked", frame.isMarked)
    generated(node, "picture.number", told.streamPicture)
    generated(node, "picture.kind", frame.streamKind)
    generated(node, "picture.is_last", frame.isLast)
    if frame.streamDistance and told.streamPicture and not told.contradiction then
        generated(node, "picture.reference", told.streamPicture - frame.streamDistance)
    end
    generated(node, "voice.ticks", frame.ticks)
    generated(node, "voice.start", told.start)
    generated(node, "ack.largest", told.largest)
    generated(node, "ack.packets", told.packets and table.concat(told.packets, ", "))
    generated(node, "status.held", frame.held)
    generated(node, "frame.length", frame.length)
    if told.contradiction then node:add_proto_expert_info(contradiction) end
end

local function showFirstByte(tree, bytes)
    tree:add(field.kind, bytes(0, 1))
    tree:add(field.phase, bytes(0, 1))
    tree:add(field.version, bytes(0, 1))
end

local function dissectPlain(bytes, pinfo, tree)
    local frames, call, number = {}, nil, nil
    local isGood, failure = pcall(function()
        if bytes:len() < 2 then fail("truncated") end
        tree:add(field.plain_kind, bytes(1, 1))
        if bytes(1, 1):uint() ~= 0 then fail("unknownKind", bytes(1, 1):uint()) end
        if bytes:len() < headerSize then fail("truncated") end
        call, number = bytes(2, 4):uint(), bytes(6, 2):uint()
        tree:add(field.call, bytes(2, 4))
        tree:add(field.packet_number_low, bytes(6, 2))
        readFrames(bytes, headerSize, frames)
    end)
    -- Anything but what this file raises is a mistake in it.
    if not isGood and type(failure) ~= "table" then error(failure, 0) end
    -- A broken datagram has no effect on what follows.
    if isGood and not results[pinfo.number] then
        results[pinfo.number] = followPlain(call, number, frames, pinfo)
    end
    local result = isGood and results[pinfo.number] or { frames = {} }
    generated(tree, "packet_number", result.packetNumber)
    generated(tree, "stream", result.stream)
    local words = {}
    for index, frame in ipairs(frames) do
        local told = result.frames[index] or {}
        showFrame(tree, bytes, frame, told)
        words[index] = summary(frame, told)
    end
    pinfo.cols.info:set((result.packetNumber or "?") .. ": " .. table.concat(words, ", "))
    if not isGood then showError(tree, pinfo, failure) end
end

-- The two places of a datagram in an order that both directions have, and the one it comes from. A question of
-- other bytes than the last one opens a new connection between them.
local function connection(pinfo)
    local from, to = place(pinfo.src, pinfo.src_port), place(pinfo.dst, pinfo.dst_port)
    return from < to and from .. " " .. to or to .. " " .. from, from
end

local function followQuestion(bytes, pinfo)
    local pair = connection(pinfo)
    local message = bytes:bytes():tohex()
    local known = connections[pair]
    if not known or known.message ~= message then
        -- Beside a connection that goes on until the question is answered.
        known = { message = message, number = pinfo.number, before = known }
        connections[pair] = known
    end
    known.key = string.format("sealed %s %d", pair, known.number)
    return { stream = stream(known.key), question = known.number }
end

local function followSealed(low, pinfo)
    local pair, from = connection(pinfo)
    local known = connections[pair] or { key = "sealed " .. pair }
    -- What a question asks for does not count before it is answered.
    if known.message and not known.isAnswered and known.before then known = known.before end
    local own = direction(known.key, from)
    local result = { stream = stream(known.key), packetNumber = nearest(low, 17, own.packet) }
    own.packet = math.max(own.packet, result.packetNumber + 1)
    return result
end

local function dissectHandshake(bytes, pinfo, tree, kind)
    local name = kinds[kind]
    pinfo.cols.info:set(name:sub(1, 1):upper() .. name:sub(2))
    if bytes:len() < handshakeLength then
        tree:add(field.noise, bytes(1))
        showError(tree, pinfo, { error = "truncated" })
        return
    end
    local message = tree:add(field.noise, bytes(1))
    message:add(field["noise.ephemeral"], bytes(1, 32))
    message:add(field["noise.payload"], bytes(33, bytes:len() - 33 - 16))
    message:add(field["noise.tag"], bytes(bytes:len() - 16, 16))
    if not results[pinfo.number] then
        if kind == 1 then
            results[pinfo.number] = followQuestion(bytes, pinfo)
        else
            local known = connections[(connection(pinfo))]
            if known then known.isAnswered = true end
            results[pinfo.number] =
                known and { stream = stream(known.key), question = known.number } or {}
        end
    end
    local result = results[pinfo.number]
    generated(tree, "stream", result.stream)
    if result.question ~= pinfo.number then generated(tree, "noise.question", result.question) end
end

local function dissectSealed(bytes, pinfo, tree)
    pinfo.cols.info:set("Sealed")
    if bytes:len() < sealedHeaderSize + 1 + tagLength then
        showError(tree, pinfo, { error = "truncated" })
        return
    end
    tree:add(field.packet_number_low, bytes(1, 2))
    local low = math.floor(bytes(0, 1):uint() / 32) % 2 * 65536 + bytes(1, 2):uint()
    results[pinfo.number] = results[pinfo.number] or followSealed(low, pinfo)
    local result = results[pinfo.number]
    generated(tree, "packet_number", result.packetNumber)
    generated(tree, "epoch", math.floor(result.packetNumber / 65536))
    local length = bytes:len() - sealedHeaderSize - tagLength
    tree:add(field.ciphertext, bytes(sealedHeaderSize, length))
    generated(tree, "ciphertext_length", length)
    tree:add(field.tag, bytes(bytes:len() - tagLength, tagLength))
    generated(tree, "stream", result.stream)
    pinfo.cols.info:set(string.format("%d: Sealed, %d bytes", result.packetNumber, length))
end

function pantograph.dissector(bytes, pinfo, root)
    pinfo.cols.protocol = "Pantograph"
    pinfo.cols.info:clear()
    local tree = root:add(pantograph, bytes())
    if bytes:len() < bytes:reported_len() then
        tree:add_proto_expert_info(cut)
        pinfo.cols.info:set("cut short by the recording")
        return
    end
    if bytes:len() == 0 then return showError(tree, pinfo, { error = "truncated" }) end
    showFirstByte(tree, bytes)
    local first = bytes(0, 1):uint()
    local kind = math.floor(first / 64)
    if bytes:len() > largestDatagram then
        showError(tree, pinfo, { error = "oversized", detail = bytes:len() .. " bytes" })
    elseif first % 32 ~= version or (kind ~= 3 and math.floor(first / 32) % 2 == 1) then
        showError(tree, pinfo, { error = "unsupportedVersion", detail = tostring(first % 64) })
    elseif kind == 0 then
        dissectPlain(bytes, pinfo, tree)
    elseif kind == 3 then
        dissectSealed(bytes, pinfo, tree)
    else
        dissectHandshake(bytes, pinfo, tree, kind)
    end
end

-- Takes a conversation that nobody else has claimed where its datagram is a whole plain one or a handshake;
-- three bytes of header are too little to know a sealed one by.
local function recognise(bytes, pinfo, root)
    if bytes:len() == 0 or bytes:len() < bytes:reported_len() or pinfo.in_error_pkt then return false end
    local first = bytes(0, 1):uint()
    if first == version then
        if bytes:len() <= headerSize or bytes:len() > largestDatagram or bytes(1, 1):uint() ~= 0 then
            return false
        end
        if not pcall(readFrames, bytes, headerSize, {}) then return false end
    elseif (first ~= 64 + version and first ~= 128 + version) or bytes:len() ~= handshakeLength then
        return false
    end
    pinfo.conversation = pantograph
    pantograph.dissector(bytes, pinfo, root)
    return true
end

pantograph:register_heuristic("udp", recognise)
DissectorTable.get("udp.port"):add_for_decode_as(pantograph)
