// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")

/// A target that imports only what is named, and the tests beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
    testing more: [Target.Dependency] = [], excluding: [String] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, resources: resources, swiftSettings: settings),
        .testTarget(
            name: name + "Tests", dependencies: [.byName(name: name)] + dependencies + more,
            exclude: excluding, swiftSettings: settings),
    ]
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> [Target] {
    [
        .executableTarget(
            name: name, dependencies: dependencies + ["Pipeline", "ProgramOptions", arguments],
            swiftSettings: settings)
    ]
}

let core: [Target] = [
    module("Media"),
    module("WireFormat", ["Media"]),
    module("KeypointCoding", ["Media"], testing: ["TestSupport"]),
    module("VideoCoding", ["KeypointCoding", "Media"], testing: ["TestSupport"]),
    module("NetworkEmulation", ["Media"]),
    module("CongestionControl", ["Media"], testing: ["NetworkEmulation"]),
    module(
        "Session", ["CongestionControl", "Media", "WireFormat"], testing: ["NetworkEmulation"]),
    module("Security", ["Media", crypto], testing: ["TestSupport"]),
    module("SyntheticHead", ["Media"]),
].flatMap { $0 }

let backends: [Target] = [
    [
        .systemLibrary(name: "CAOM", pkgConfig: "aom", providers: [.apt(["libaom-dev"])]),
        .systemLibrary(name: "CDav1d", pkgConfig: "dav1d", providers: [.apt(["libdav1d-dev"])]),
        .systemLibrary(name: "CVPX", pkgConfig: "vpx", providers: [.apt(["libvpx-dev"])]),
        .systemLibrary(name: "COpus", pkgConfig: "opus", providers: [.apt(["libopus-dev"])]),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(
            name: "CFFmpeg", pkgConfig: "libavdevice", providers: [.apt(["libavdevice-dev"])]),
        .systemLibrary(name: "CSDL2", providers: [.apt(["libsdl2-dev"])]),
        .target(name: "COpenVINO"),
    ],
    module("PNG", ["CPNG", "Media"], testing: ["TestSupport"]),
    module("AV1", ["CAOM", "CDav1d", "Media", "VideoCoding"], testing: ["TestSupport"]),
    module("VP8", ["CVPX", "Media", "VideoCoding"], testing: ["TestSupport"]),
    module("OpusCodec", ["COpus", "Media"], testing: ["TestSupport"]),
    module("Inference", ["COpenVINO"]),
    module(
        "NeuralVideo", ["Inference", "KeypointCoding", "Media", "VideoCoding", crypto],
        resources: [.copy("Resources")], testing: ["TestSupport"], excluding: ["Golden"]),
    module(
        "Quality", ["Inference", "Media"], testing: ["PNG", "TestSupport"],
        excluding: ["Fixtures"]),
].flatMap { $0 }

let edges: [Target] = [
    module("UDPTransport", ["Media"] + nio),
    module("Capture", ["CFFmpeg", "Media", "PNG"], testing: ["Presentation", "TestSupport"]),
    module(
        "Presentation", ["CFFmpeg", "CSDL2", "Media", "PNG"], testing: ["Capture", "TestSupport"]),
].flatMap { $0 }

let assembly: [Target] = [
    module(
        "Pipeline",
        [
            "AV1", "Capture", "Inference", "KeypointCoding", "Media", "NetworkEmulation",
            "NeuralVideo", "OpusCodec", "Presentation", "Quality", "Security", "Session",
            "SyntheticHead", "UDPTransport", "VP8", "VideoCoding", "WireFormat",
        ], testing: ["TestSupport"]),
    module(
        "RateQuality", ["Capture", "Inference", "Media", "Pipeline", "Quality", crypto],
        testing: ["TestSupport"], excluding: ["Expected"]),
    [
        .target(
            name: "ProgramOptions",
            dependencies: [
                "Capture", "Inference", "KeypointCoding", "Media", "Pipeline", "Security",
                "Session", "UDPTransport", "VideoCoding", arguments, logging,
            ], swiftSettings: settings)
    ],
    program(
        "pantograph-send",
        [
            "Capture", "KeypointCoding", "Media", "NeuralVideo", "OpusCodec", "Session",
            "UDPTransport", "VideoCoding",
        ]),
    program(
        "pantograph-receive",
        ["Media", "NeuralVideo", "Presentation", "Session", "UDPTransport"]),
    program(
        "pantograph-measure",
        [
            "AV1", "Capture", "Inference", "KeypointCoding", "Media", "NetworkEmulation",
            "NeuralVideo", "PNG", "Presentation", "Quality", "RateQuality", "Security", "Session",
            "SyntheticHead", "UDPTransport", "VP8", "VideoCoding",
        ]),
].flatMap { $0 }

let tests: [Target] = [
    .target(
        name: "TestSupport", dependencies: ["KeypointCoding", "Media", "VideoCoding"],
        path: "Tests/TestSupport", swiftSettings: settings),
    .testTarget(
        name: "ConformanceTests",
        dependencies: ["KeypointCoding", "Media", "TestSupport", "VideoCoding", "WireFormat"],
        swiftSettings: settings),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "Capture", "Media", "NetworkEmulation", "PNG", "Pipeline", "TestSupport",
            "UDPTransport", "pantograph-measure", "pantograph-receive", "pantograph-send",
        ], swiftSettings: settings),
]

let package = Package(
    name: "pantograph",
    products: [
        .executable(name: "pantograph-send", targets: ["pantograph-send"]),
        .executable(name: "pantograph-receive", targets: ["pantograph-receive"]),
        .executable(name: "pantograph-measure", targets: ["pantograph-measure"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: core + backends + edges + assembly + tests
)
