/// The program whose wording an error text has.
public enum SDK: String, Sendable, CaseIterable {
    case botocore
    case javaV1 = "java-v1"
    case javaV2 = "java-v2"
    case javaScriptV2 = "javascript-v2"
    case javaScriptV3 = "javascript-v3"
    case goV1 = "go-v1"
    case goV2 = "go-v2"
    case dotNet = "dotnet"
    case php
    case ruby
    case rust
    case swift
    case cpp
    /// A service's answer itself, as a log or a browser shows it.
    case answer

    /// Its name, for people.
    public var title: String {
        switch self {
        case .botocore: "Python (botocore) or the AWS CLI"
        case .javaV1: "AWS SDK for Java 1.x or for Android"
        case .javaV2: "AWS SDK for Java 2.x or for Kotlin"
        case .javaScriptV2: "AWS SDK for JavaScript 2"
        case .javaScriptV3: "AWS SDK for JavaScript 3"
        case .goV1: "AWS SDK for Go 1"
        case .goV2: "AWS SDK for Go 2, or a program built on it such as Terraform"
        case .dotNet: "AWS SDK for .NET"
        case .php: "AWS SDK for PHP"
        case .ruby: "AWS SDK for Ruby"
        case .rust: "AWS SDK for Rust"
        case .swift: "AWS SDK for Swift"
        case .cpp: "AWS SDK for C++"
        case .answer: "a service's answer itself"
        }
    }

    /// Whether its error text bears the request id. Python, .NET and Ruby do not write it.
    public var tellsRequestID: Bool {
        switch self {
        case .botocore, .dotNet, .ruby: false
        case .javaV1, .javaV2, .javaScriptV2, .javaScriptV3, .goV1, .goV2, .php, .rust, .swift, .cpp, .answer: true
        }
    }
}
