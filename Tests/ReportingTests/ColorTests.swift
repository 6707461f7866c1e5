import Foundation
import Testing

@testable import Reporting

/// The HTML report's colours can be read by everybody: text against what is behind it, and the chart's series against each other, also
/// with each of the three kinds of colour blindness.
@Suite struct ColorTests {
    /// A colour's light: red, green and blue, linear, 0 to 1.
    struct Light {
        var red, green, blue: Double

        /// From `#rgb` or `#rrggbb`.
        init?(_ text: Substring) {
            var digits = Array(text.dropFirst())
            if digits.count == 3 { digits = digits.flatMap { [$0, $0] } }
            guard digits.count == 6, let number = Int(String(digits), radix: 16) else { return nil }
            func linear(_ shift: Int) -> Double {
                let value = Double(number >> shift & 0xFF) / 255
                return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
            }
            (red, green, blue) = (linear(16), linear(8), linear(0))
        }

        /// How bright it is; W3C, "Web Content Accessibility Guidelines", relative luminance.
        var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

        func contrast(to other: Light) -> Double {
            (max(luminance, other.luminance) + 0.05) / (min(luminance, other.luminance) + 0.05)
        }

        /// The same as somebody sees it; `matrix` has a row for each of red, green and blue.
        func seen(_ matrix: [[Double]]) -> Light {
            var light = self
            let values = matrix.map { $0[0] * red + $0[1] * green + $0[2] * blue }
            (light.red, light.green, light.blue) = (values[0], values[1], values[2])
            return light
        }

        /// How far apart two colours look: CIE 1976, where 2 is just to be seen.
        func distance(to other: Light) -> Double {
            zip(lab, other.lab).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
        }

        private var lab: [Double] {
            func root(_ value: Double) -> Double { value > 0.008856 ? cbrt(value) : 7.787 * value + 16.0 / 116 }
            let x = root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505)
            let y = root(luminance)
            let z = root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089)
            return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
        }
    }

    /// Source: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision Deficiency", 2009.
    static let eyes: [(name: String, matrix: [[Double]])] = [
        ("all colours", [[1, 0, 0], [0, 1, 0], [0, 0, 1]]),
        (
            "no red",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
        ),
        (
            "no green",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
        ),
        (
            "no blue",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
        ),
    ]

    /// The colours of one scheme, by the names that the style gives them.
    static func scheme(isDark: Bool) throws -> [String: Light] {
        let style = HTMLTemplate.style
        let dark = try #require(style.firstRange(of: "prefers-color-scheme:dark"))
        let part = isDark ? style[dark.lowerBound...] : style[..<dark.lowerBound]
        let end = try #require(part.firstRange(of: isDark ? "}}" : "}"))
        var colors: [String: Light] = [:]
        for match in part[..<end.lowerBound].matches(of: #/--(\w+):(#[0-9a-f]{3,6})/#) {
            let color = try #require(Light(match.2))
            colors[String(match.1)] = color
        }
        return colors
    }

    @Test(arguments: [false, true]) func `Text stands out from what is behind it`(_ isDark: Bool) throws {
        let colors = try Self.scheme(isDark: isDark)
        for name in ["ink", "soft", "bad", "warn", "good", "link"] {
            for ground in ["bg", "card", "code"] {
                let contrast = try #require(colors[name]).contrast(to: #require(colors[ground]))
                #expect(contrast >= 4.5, "\(name) on \(ground)")
            }
        }
    }

    @Test(arguments: [false, true]) func `The chart's series stand out, and are told apart by any eye`(_ isDark: Bool)
        throws
    {
        let colors = try Self.scheme(isDark: isDark)
        let series = try (0...5).map { try #require(colors["s\($0)"]) }
        for (index, color) in series.enumerated() {
            for ground in ["bg", "card"] {
                #expect(try color.contrast(to: #require(colors[ground])) >= 3, "s\(index) on \(ground)")
            }
            for (other, second) in series.enumerated() where other > index {
                for eye in Self.eyes {
                    let distance = color.seen(eye.matrix).distance(to: second.seen(eye.matrix))
                    #expect(distance >= 20, "s\(index) and s\(other) with \(eye.name): \(distance)")
                }
            }
        }
    }
}
