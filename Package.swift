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

/// A target that imports only what is named, and the tests beside it.
func module(
    _ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = [],
    testing more: [Target.Dependency] = [], testResources: [Resource] = []
) -> [Target] {
    [
        .target(
            name: name, dependencies: dependencies, resources: resources, swiftSettings: settings),
        .testTarget(
            name: name + "Tests", dependencies: [.byName(name: name)] + dependencies + more,
            resources: testResources, swiftSettings: settings),
    ]
}

let package = Package(
    name: "pantograph",
    products: [],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
    ],
    targets: [
        module("Media"),
        module("WireFormat", ["Media"]),
        module("KeypointCoding", ["Media"]),
        module("VideoCoding", ["KeypointCoding", "Media"]),
        module("NetworkEmulation", ["Media"]),
        module("Session", ["Media", "WireFormat"], testing: ["NetworkEmulation"]),
        module("UDPTransport", ["Media"] + nio),
    ].flatMap { $0 }
)
