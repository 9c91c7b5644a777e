// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is built with: Swift 6, and a warning is an error.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

let grdb: [Target.Dependency] = [
    .product(name: "GRDB", package: "GRDB.swift"),
    .product(name: "GRDBSQLite", package: "GRDB.swift"),
]

let certificates: [Target.Dependency] = [
    .product(name: "X509", package: "swift-certificates"),
    .product(name: "SwiftASN1", package: "swift-asn1"),
    .product(name: "Crypto", package: "swift-crypto"),
    .product(name: "CryptoExtras", package: "swift-crypto"),
    .product(name: "BigInt", package: "BigInt"),
]

/// A room of the house and the tests that carry its name.
func room(
    _ name: String,
    _ dependencies: [Target.Dependency],
    tests: [Target.Dependency] = [],
    resources: [Resource] = [],
    plugins: [Target.PluginUsage] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: strict, plugins: plugins),
        .testTarget(
            name: "\(name)Tests",
            dependencies: [.target(name: name), "TestSupport"] + dependencies + tests,
            resources: resources,
            swiftSettings: strict
        ),
    ]
}

// Imports run one way: Basics ← AzureLogs ← LogIngest ← EventStore ← Correlation ← Findings ← Reports ← Audit ← dpslens.
// Attestation imports Basics alone; it is imported by Findings, where registries and findings meet, and by dpslens.
let package = Package(
    name: "dpslens",
    products: [
        .executable(name: "dpslens", targets: ["dpslens"]),
        .library(name: "FleetSimulator", targets: ["FleetSimulator"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-certificates.git", from: "1.21.1"),
        .package(url: "https://github.com/apple/swift-asn1.git", from: "1.7.4"),
        .package(url: "https://github.com/attaswift/BigInt.git", from: "6.0.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CMemory"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(
            name: "TestSupport",
            dependencies: ["FleetSimulator"],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "dpslens",
            dependencies: [
                "Basics", "AzureLogs", "LogIngest", "EventStore", "Correlation", "Findings", "Reports", "Audit",
                "Attestation", "CMemory",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(name: "embed-rules", swiftSettings: strict),
        .plugin(name: "EmbedRules", capability: .buildTool(), dependencies: ["embed-rules"]),
        .executableTarget(
            name: "simulate-fleet",
            dependencies: [
                "FleetSimulator",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "measure-verifier",
            dependencies: [
                "Attestation",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "SwiftASN1", package: "swift-asn1"),
                .product(name: "X509", package: "swift-certificates"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "TestSupport", "Basics", "AzureLogs", "EventStore", "Reports", "FleetSimulator", "Attestation",
                "dpslens",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + grdb,
            exclude: ["Snapshots"],
            swiftSettings: strict
        ),
    ]
        + room("Basics", [])
        + room("AzureLogs", ["Basics"])
        + room("LogIngest", ["Basics", "AzureLogs", "CZlib", .product(name: "Crypto", package: "swift-crypto")])
        + room(
            "EventStore",
            ["Basics", "AzureLogs", "LogIngest", "CZlib", .product(name: "Crypto", package: "swift-crypto")] + grdb
        )
        + room("Correlation", ["Basics", "AzureLogs", "LogIngest", "EventStore"] + grdb)
        + room(
            "Findings",
            [
                "Basics", "AzureLogs", "EventStore", "Correlation", "Attestation",
                .product(name: "Yams", package: "Yams"),
            ] + grdb,
            tests: certificates,
            plugins: [.plugin(name: "EmbedRules")]
        )
        + room(
            "Reports",
            [
                "Basics", "AzureLogs", "EventStore", "Correlation", "Findings",
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        )
        + room(
            "Audit",
            [
                "Basics", "AzureLogs", "LogIngest", "EventStore", "Correlation", "Findings", "Reports",
                .product(name: "Yams", package: "Yams"),
            ] + grdb
        )
        + room("Attestation", ["Basics"] + certificates, resources: [.copy("Fixtures")])
        + room("FleetSimulator", ["Basics", "CZlib"], tests: ["EventStore", "Findings"] + grdb),
    swiftLanguageModes: [.v6]
)
