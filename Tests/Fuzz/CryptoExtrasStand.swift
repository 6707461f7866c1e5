public import Foundation

// Stands in for swift-crypto's RSA: a key is any text, and signs by its first byte.

/// RSA that is none.
public enum _RSA {
    /// Signatures.
    public enum Signing {
        /// The one padding.
        public struct Padding: Sendable {
            /// The one padding.
            public static let insecurePKCS1v1_5 = Padding()
        }

        /// A signature.
        public struct RSASignature {
            fileprivate var bytes: Data
            /// Any bytes.
            public init(rawRepresentation: Data) { bytes = rawRepresentation }
        }

        /// A key.
        public struct PublicKey: Sendable {
            /// No key.
            public struct None: Error {}
            /// The key's bytes.
            public let derRepresentation: Data
            /// The key's bytes in another order.
            public var pkcs1DERRepresentation: Data { Data(derRepresentation.reversed()) }

            /// A key of eight bytes or more.
            public init(derRepresentation: Data) throws {
                guard derRepresentation.count >= 8 else { throw None() }
                self.derRepresentation = derRepresentation
            }

            /// Whether the first byte of the signature is the key's.
            public func isValidSignature(_ signature: RSASignature, for digest: some Sequence<UInt8>, padding: Padding)
                -> Bool
            {
                signature.bytes.first == derRepresentation.first
            }
        }
    }
}
