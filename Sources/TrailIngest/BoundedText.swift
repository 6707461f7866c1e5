import AccessDenial
import CloudTrail
import Crypto
import PolicyTimeline
import TrailStore

/// The length of the texts that a database keeps.
///
/// CloudTrail's own are far below the limits. A longer one is cut, and ends in a mark with its length and a part of its SHA-256: so
/// two that begin alike stay two.
enum BoundedText {
    /// Bytes of UTF-8 that a name, an ARN, a user agent or any other text may have that is compared with others.
    static let maximumBytes = 16 << 10
    /// Bytes of UTF-8 that an error's message, or a session's policy or tags may have.
    static let maximumMessageBytes = 64 << 10

    /// Bytes that the mark may have.
    private static let markLength = 80

    /// The beginning of a text that is too long, and its mark: together they have at most `limit` bytes.
    static func cut(_ bytes: some Collection<UInt8>, to limit: Int = maximumBytes) -> [UInt8] {
        var beginning = Array(bytes.prefix(limit - markLength + 1))
        // What continues a scalar goes with it.
        while let last = beginning.popLast(), last & 0xc0 == 0x80 {}
        var hash = SHA256()
        hash.update(data: Array(bytes))
        let mark = hash.finalize().prefix(8).map { byte in
            [byte >> 4, byte & 15].map { String($0, radix: 16) }.joined()
        }
        return beginning + Array("… (cut from \(bytes.count) bytes, SHA-256 \(mark.joined())…)".utf8)
    }

    /// The text, cut where it is too long.
    static func bound(_ text: String) -> String {
        text.utf8.count <= maximumBytes ? text : String(decoding: cut(Array(text.utf8)), as: UTF8.self)
    }

    /// The same; `nil` for `nil`.
    static func bound(_ text: String?) -> String? { text.map { bound($0) } }
}

extension UserIdentity {
    private static let texts: [any WritableKeyPath<UserIdentity, String?> & Sendable] = [
        \.type, \.principalId, \.arn, \.accountId, \.accessKeyId, \.userName, \.invokedBy, \.identityProvider,
        \.sessionIssuerType, \.sessionIssuerArn, \.sessionIssuerPrincipalId, \.sessionIssuerAccountId,
        \.sessionIssuerUserName, \.sessionCreationDate, \.mfaAuthenticated, \.sourceIdentity, \.federatedProvider,
        \.ec2RoleDelivery, \.inScopeOfSourceArn, \.credentialsIssuedTo, \.onBehalfOfUserId,
        \.onBehalfOfIdentityStoreArn, \.credentialId,
    ]

    /// Cuts what is too long; whether there was anything.
    mutating func bound() -> Bool {
        var isCut = false
        for text in Self.texts where self[keyPath: text].map({ $0.utf8.count > BoundedText.maximumBytes }) == true {
            self[keyPath: text] = BoundedText.bound(self[keyPath: text])
            isCut = true
        }
        return isCut
    }
}

extension Denial {
    /// Cuts what is too long.
    mutating func bound() {
        principal = BoundedText.bound(principal)
        principalType = BoundedText.bound(principalType)
        action = BoundedText.bound(action)
        resource = BoundedText.bound(resource)
        inferredResource = BoundedText.bound(inferredResource)
        policyARN = BoundedText.bound(policyARN)
        authorizationID = BoundedText.bound(authorizationID)
    }
}

extension PermissionChangeTarget {
    /// Cuts what is too long.
    mutating func bound() {
        target = BoundedText.bound(target)
        policyARN = BoundedText.bound(policyARN)
        policyName = BoundedText.bound(policyName)
        workloadRole = BoundedText.bound(workloadRole)
        guestRole = BoundedText.bound(guestRole)
        taskFamily = BoundedText.bound(taskFamily)
        concerned = concerned.compactMap { BoundedText.bound($0) }
    }
}
