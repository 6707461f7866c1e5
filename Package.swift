// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .treatAllWarnings(as: .error),
]
let strictLibrary = strict + [.strictMemorySafety()]

// What `trail403 --version` tells beside the version; Scripts/install sets it. `Context.gitInformation` is not asked: SwiftPM
// caches what a manifest says, and would tell yesterday's commit.
let commit = Context.environment["TRAIL403_COMMIT"] ?? ""

// Scripts/package sets it, together with --static-swift-stdlib: a program that needs nothing but a kernel.
let isStatic = Context.environment["TRAIL403_STATIC"] != nil

let package = Package(
    name: "trail403",
    products: [
        .executable(name: "trail403", targets: ["trail403"]),
        .library(name: "CloudTrail", targets: ["CloudTrail"]),
        .library(name: "AccessDenial", targets: ["AccessDenial"]),
        .library(name: "IAMPolicy", targets: ["IAMPolicy"]),
        .library(name: "OrderedJSON", targets: ["OrderedJSON"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .target(name: "CSQLite", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(name: "CBuild", cSettings: [.define("TRAIL403_COMMIT", to: "\"\(commit)\"")]),
        .target(name: "CChecksum"),
        .target(name: "CPageSum"),
        .target(name: "CManagedPolicies", exclude: ["managed-policies.bin"]),
        .target(name: "CPages"),
        .target(name: "OrderedJSON", swiftSettings: strictLibrary),
        .target(name: "IAMPolicy", dependencies: ["OrderedJSON"], swiftSettings: strictLibrary),
        .target(
            name: "CloudTrail",
            dependencies: [
                "CChecksum", "CZlib", .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "PolicyTimeline", dependencies: ["CloudTrail", "IAMPolicy", "OrderedJSON", "CManagedPolicies"],
            swiftSettings: strictLibrary),
        .target(
            name: "AccessDenial", dependencies: ["CloudTrail", "IAMPolicy"], swiftSettings: strictLibrary),
        .target(
            name: "AthenaSQL", dependencies: ["AccessDenial", "PolicyTimeline"], swiftSettings: strictLibrary),
        .target(
            name: "CompanionLogs", dependencies: ["AccessDenial", "CloudTrail", "IAMPolicy"],
            swiftSettings: strictLibrary),
        .target(
            name: "TrailStore",
            dependencies: [
                "CompanionLogs",
                "AccessDenial", "CloudTrail", "CPageSum", "CSQLite", "IAMPolicy", "OrderedJSON", "PolicyTimeline",
                "RecordedCalls",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "TrailIngest",
            dependencies: [
                "CompanionLogs",
                "TrailStore", "PolicyTimeline", "AccessDenial", "CloudTrail", "IAMPolicy",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strictLibrary),
        .target(name: "Wording", dependencies: ["IAMPolicy", "OrderedJSON"], swiftSettings: strictLibrary),
        .target(
            name: "RecordedCalls",
            dependencies: ["AccessDenial", "CloudTrail", "IAMPolicy", "OrderedJSON", "PolicyTimeline"],
            swiftSettings: strictLibrary),
        .target(
            name: "RecordedChanges",
            dependencies: ["AccessDenial", "IAMPolicy", "OrderedJSON", "PolicyTimeline", "TrailStore", "Wording"],
            swiftSettings: strictLibrary),
        .target(
            name: "Causes",
            dependencies: [
                "AccessDenial", "IAMPolicy", "OrderedJSON", "PolicyTimeline", "RecordedCalls", "RecordedChanges",
                "TrailStore", "Wording",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "Findings",
            dependencies: [
                "AccessDenial", "Causes", "CompanionLogs", "IAMPolicy", "OrderedJSON", "PolicyTimeline",
                "RecordedCalls", "RecordedChanges", "TrailStore", "Wording",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "Remedies",
            dependencies: [
                "AccessDenial", "Causes", "CompanionLogs", "Findings", "IAMPolicy", "OrderedJSON", "PolicyTimeline",
                "RecordedCalls", "RecordedChanges", "TrailStore", "Wording",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "Diagnosis",
            dependencies: [
                "AccessDenial", "Causes", "Findings", "IAMPolicy", "PolicyTimeline", "RecordedCalls",
                "RecordedChanges", "Remedies", "TrailStore", "Wording",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "ErrorCases",
            dependencies: [
                "AccessDenial", "CompanionLogs", "Causes", "Findings", "Remedies", "Diagnosis", "IAMPolicy",
                "RecordedChanges", "TrailStore", "Wording",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "Suppressions", dependencies: ["AccessDenial", "IAMPolicy", "TrailStore", "Wording"],
            swiftSettings: strictLibrary),
        .target(
            name: "ProposedPolicies",
            dependencies: [
                "AccessDenial", "IAMPolicy", "OrderedJSON", "PolicyTimeline", "RecordedCalls", "TrailStore",
            ],
            swiftSettings: strictLibrary),
        .target(
            name: "Reporting",
            dependencies: [
                "Suppressions", "ProposedPolicies", "Wording", "CloudTrail", "CompanionLogs", "Causes", "Findings",
                "Remedies", "Diagnosis", "ErrorCases",
                "RecordedCalls", "RecordedChanges", "PolicyTimeline",
                "AccessDenial", "TrailStore", "IAMPolicy", "OrderedJSON", "CPages",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Mustache", package: "swift-mustache"),
            ],
            swiftSettings: strictLibrary),
        .executableTarget(
            name: "trail403",
            dependencies: [
                "Reporting", "Causes", "Findings", "Remedies", "Diagnosis", "ErrorCases", "RecordedChanges",
                "Suppressions", "ProposedPolicies",
                "Wording",
                "PolicyTimeline",
                "TrailIngest", "TrailStore", "CompanionLogs",
                "AthenaSQL",
                "AccessDenial",
                "CloudTrail", "IAMPolicy", "OrderedJSON",
                "CBuild",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict,
            linkerSettings: isStatic ? [.unsafeFlags(["-static-executable", "-Xlinker", "-s"])] : []),
        .target(name: "TestSupport", dependencies: ["CZlib"], path: "Tests/TestSupport", swiftSettings: strict),
        .testTarget(
            name: "IAMPolicyTests", dependencies: ["TestSupport", "IAMPolicy", "OrderedJSON"],
            resources: [.copy("Cases")], swiftSettings: strict),
        .testTarget(name: "CloudTrailTests", dependencies: ["TestSupport", "CloudTrail"], swiftSettings: strict),
        .testTarget(
            name: "PolicyTimelineTests",
            dependencies: ["TestSupport", "PolicyTimeline", "AccessDenial", "CloudTrail", "IAMPolicy", "OrderedJSON"],
            exclude: ["Data"], swiftSettings: strict),
        .testTarget(
            name: "CompanionLogsTests",
            dependencies: ["TestSupport", "CompanionLogs", "AccessDenial", "CloudTrail", "IAMPolicy"],
            exclude: ["Data"], swiftSettings: strict),
        .testTarget(
            name: "AccessDenialTests", dependencies: ["TestSupport", "AccessDenial", "CloudTrail", "IAMPolicy"],
            resources: [.copy("Data")], swiftSettings: strict),
        .testTarget(
            name: "AthenaSQLTests", dependencies: ["TestSupport", "AthenaSQL", "AccessDenial"], swiftSettings: strict),
        .testTarget(
            name: "TrailStoreTests",
            dependencies: [
                "TestSupport", "TrailStore", "AccessDenial", "CloudTrail", "IAMPolicy",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            resources: [.copy("Data")], swiftSettings: strict),
        .testTarget(
            name: "TrailIngestTests",
            dependencies: [
                "TestSupport", "TrailIngest", "TrailStore", "AccessDenial", "CloudTrail", "IAMPolicy",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            exclude: ["Forms"], swiftSettings: strict),
        .testTarget(
            name: "SuppressionsTests",
            dependencies: ["TestSupport", "Suppressions", "AccessDenial", "IAMPolicy", "TrailStore"],
            swiftSettings: strict),
        .testTarget(name: "WordingTests", dependencies: ["Wording"], swiftSettings: strict),
        .testTarget(
            name: "RecordedCallsTests", dependencies: ["TestSupport", "RecordedCalls", "IAMPolicy"],
            swiftSettings: strict),
        .testTarget(
            name: "RecordedChangesTests",
            dependencies: [
                "TestSupport", "RecordedChanges", "AccessDenial", "IAMPolicy", "OrderedJSON", "PolicyTimeline",
                "TrailStore", "Wording",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "ErrorCasesTests",
            dependencies: [
                "ErrorCases", "Findings", "Diagnosis", "AccessDenial", "CompanionLogs", "IAMPolicy", "Wording",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "DiagnosisTests",
            dependencies: [
                "TestSupport", "Causes", "Findings", "Remedies", "Diagnosis", "Suppressions", "Wording",
                "RecordedCalls", "RecordedChanges",
                "CompanionLogs",
                "PolicyTimeline", "TrailStore",
                "AccessDenial", "IAMPolicy", "OrderedJSON",
            ],
            exclude: ["Ledger", "Scenarios"], swiftSettings: strict),
        .testTarget(
            name: "ReportingTests",
            dependencies: [
                "TestSupport", "Reporting", "Causes", "Remedies", "Diagnosis", "RecordedChanges", "Suppressions",
                "Wording", "TrailStore",
                "AccessDenial",
                "IAMPolicy",
                "OrderedJSON",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.copy("Golden")], swiftSettings: strict),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "TestSupport", "trail403", "AccessDenial", "CloudTrail", "Causes", "Findings", "Remedies", "Diagnosis",
                "OrderedJSON", "RecordedChanges",
                "Reporting",
                "Wording",
                "TrailIngest", "TrailStore",
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            exclude: ["Casebook", "CompanionStories", "HostileStories.json", "Ledger"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

// The folder of each target has a room card for those who work there: what lives here, what does not, where to start.
for target in package.targets where target.type != .system { target.exclude.append("README.md") }
