public import Media

/// Turns coded voice, and what is missing of it, into sound without gaps.
public final class VoiceStreamDecoder {
    /// Samples that were made up because their datagrams were lost or their packets are damaged.
    public private(set) var concealedSamples = 0
    /// Packets that libopus refused.
    public private(set) var damagedPackets = 0

    private let decoder: OpusVoiceDecoder

    /// Makes a decoder that has heard nothing yet.
    ///
    /// - Throws: ``OpusError/unavailable(reason:)``.
    public init() throws(OpusError) { decoder = try OpusVoiceDecoder() }

    /// The sound of a packet; `packet` comes from the network and may hold anything.
    ///
    /// What cannot be decoded is concealed, so that the sound always lasts as long as it says.
    public func decode(_ packet: VoicePacket, at start: VoiceTick) -> AudioFrame {
        let length = packet.tickCount * VoiceTick.samples
        var samples: [Float] = []
        do {
            samples = try decoder.decode(packet.bytes)
        } catch {
            damagedPackets += 1
            concealedSamples += length
            samples = concealed(length)
        }
        return AudioFrame(time: start.time, samples: fitted(samples, to: length))
    }

    /// The background that goes on while nobody speaks and nothing is sent.
    public func silence(ticks: Int, at start: VoiceTick) -> AudioFrame {
        AudioFrame(time: start.time, samples: concealed(ticks * VoiceTick.samples))
    }

    /// Sound for datagrams that are lost.
    ///
    /// - Parameter next: the packet that follows the gap, where it is there: it may hold a coarse copy
    ///   of the last lost frame.
    public func conceal(ticks: Int, at start: VoiceTick, before next: VoicePacket?) -> AudioFrame {
        let length = ticks * VoiceTick.samples
        concealedSamples += length
        guard let next else { return AudioFrame(time: start.time, samples: concealed(length)) }
        // libopus takes at most 120 ms at once, of which only the end can be recovered.
        let recoverable = min(length, OpusVoiceDecoder.largestPacket)
        var samples = concealed(length - recoverable)
        do {
            samples += try decoder.recover(recoverable, before: next.bytes)
        } catch {
            samples += concealed(recoverable)
        }
        return AudioFrame(time: start.time, samples: fitted(samples, to: length))
    }

    private func concealed(_ length: Int) -> [Float] {
        var samples: [Float] = []
        samples.reserveCapacity(length)
        while samples.count < length {
            let piece = min(length - samples.count, OpusVoiceDecoder.largestPacket)
            guard let sound = try? decoder.conceal(piece) else { break }
            samples += sound
        }
        return fitted(samples, to: length)
    }

    private func fitted(_ samples: [Float], to length: Int) -> [Float] {
        guard samples.count != length else { return samples }
        return Array(samples.prefix(length))
            + [Float](repeating: 0, count: max(0, length - samples.count))
    }
}
