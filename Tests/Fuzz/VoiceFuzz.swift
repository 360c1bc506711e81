/// Whatever packets hold, the sound lasts as long as they say and is made of numbers.
func fuzzVoice(_ bytes: [UInt8]) {
    guard let decoder = try? VoiceStreamDecoder() else { fatalError("libopus cannot be set up") }
    var input = FuzzInput(bytes)
    var place = VoiceTick.zero
    var seconds = 0
    while !input.isEmpty, seconds < 20 {
        let kind = input.byte()
        let packet = VoicePacket(input.take(Int(input.byte())))
        let frame: AudioFrame
        let ticks: Int
        switch kind % 4 {
        case 0:
            ticks = Int(kind / 4) + 1
            frame = decoder.conceal(ticks: ticks, at: place, before: packet)
        case 1:
            ticks = Int(kind / 4) + 1
            frame = decoder.silence(ticks: ticks, at: place)
        default:
            guard let packet else { continue }
            ticks = packet.tickCount
            frame = decoder.decode(packet, at: place)
        }
        precondition(frame.samples.count == ticks * VoiceTick.samples, "sound of another length")
        precondition(frame.samples.allSatisfy { $0.isFinite }, "sound that is no number")
        precondition(frame.time == place.time)
        place = place.advanced(by: ticks) ?? .zero
        seconds = Int(place.rawValue) / VoiceTick.perSecond
    }
}
