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

/// A target that imports only what is named, and the tests beside it.
func module(_ name: String, _ dependencies: [Target.Dependency] = []) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: settings),
        .testTarget(
            name: name + "Tests", dependencies: [.byName(name: name)] + dependencies,
            swiftSettings: settings),
    ]
}

let package = Package(
    name: "pantograph",
    products: [],
    dependencies: [],
    targets: [
        module("Media"),
        module("WireFormat", ["Media"]),
        module("KeypointCoding", ["Media"]),
        module("VideoCoding", ["KeypointCoding", "Media"]),
        module("NetworkEmulation", ["Media"]),
        module("Session", ["Media", "WireFormat"]),
    ].flatMap { $0 }
)
