import Media

/// The sequence header of predicted pictures (`Protocol/sources.md`; AV1 specification, section 5.5.1): it does not
/// travel, so both ends must agree on each of its fields.
struct PredictionSequence {
    /// The payload's bits, the level's left out.
    private let bits: [Bool]

    /// Where the level lies, which decoding does not depend on.
    private static let level = 24..<29

    /// The header for pictures of a size.
    init(_ size: PictureSize) {
        let widthBits = Self.length(size.width - 1)
        let heightBits = Self.length(size.height - 1)
        let fields = [
            // seq_profile, still_picture, reduced_still_picture_header, timing_info_present_flag,
            // initial_display_delay_present_flag, operating_points_cnt_minus_1, operating_point_idc[0]
            (0, 3), (0, 1), (0, 1), (0, 1), (0, 1), (0, 5), (0, 12),
            (widthBits - 1, 4), (heightBits - 1, 4), (size.width - 1, widthBits),
            (size.height - 1, heightBits),
            // frame_id_numbers_present_flag, use_128x128_superblock, enable_filter_intra,
            // enable_intra_edge_filter, enable_interintra_compound, enable_masked_compound,
            // enable_warped_motion, enable_dual_filter
            (0, 1), (0, 1), (1, 1), (1, 1), (0, 1), (1, 1), (1, 1), (0, 1),
            // enable_order_hint, enable_jnt_comp, enable_ref_frame_mvs, seq_choose_screen_content_tools,
            // seq_choose_integer_mv, order_hint_bits_minus_1
            (1, 1), (0, 1), (1, 1), (1, 1), (1, 1), (6, 3),
            // enable_superres, enable_cdef, enable_restoration, high_bitdepth, mono_chrome,
            // color_description_present_flag, color_range, chroma_sample_position,
            // separate_uv_delta_q, film_grain_params_present, trailing one
            (0, 1), (1, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 1), (0, 2), (0, 1), (0, 1), (1, 1),
        ]
        bits = fields.flatMap { Self.bits($0.0, $0.1) }
    }

    /// Whether a sequence header's payload says the same, whatever its level.
    func isEqual(to payload: ArraySlice<UInt8>) -> Bool {
        var other = payload.flatMap { Self.bits(Int($0), 8) }
        guard other.count >= Self.level.upperBound else { return false }
        other.removeSubrange(Self.level)
        return other.count >= bits.count && other.starts(with: bits)
            && !other.dropFirst(bits.count).contains(true)
    }

    /// The last `count` bits of a number, the highest first.
    private static func bits(_ value: Int, _ count: Int) -> [Bool] {
        (0..<count).reversed().map { value >> $0 & 1 == 1 }
    }

    /// How many bits a number needs, at least one.
    private static func length(_ value: Int) -> Int {
        max(1, Int.bitWidth - value.leadingZeroBitCount)
    }
}
