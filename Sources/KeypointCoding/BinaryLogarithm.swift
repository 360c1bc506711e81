/// The logarithm of a positive finite number to the base of 2, to 2^−24.
func binaryLogarithm(_ value: Double) -> Double {
    var result = Double(value.exponent)
    var rest = value.significand
    var digit = 0.5
    for _ in 0..<24 {
        rest *= rest
        if rest >= 2 {
            rest /= 2
            result += digit
        }
        digit /= 2
    }
    return result
}
