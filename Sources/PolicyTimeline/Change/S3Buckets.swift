import OrderedJSON

/// Buckets and access points of Amazon S3: policies, access control lists, object ownership, Block Public Access.
///
/// Source: the Amazon S3 API reference; "Amazon S3 CloudTrail events" in its user guide.
enum S3Buckets: ChangeReader {
    static let services = ["s3"]
    static let events: [String: @Sendable (inout ChangeReading) -> Void] = [
        "CreateBucket": { reading in
            guard let bucket = reading.bucket else { return }
            reading.add(bucket, .existence, .replaceAll(["": .present]))
            reading.clear(bucket, [.policy, .tags])
            // Block Public Access and ownership begin as the account, the Region and the day have them.
            reading.add(bucket, .access, .blurAll)
            if let acl = acl(reading) { reading.add(bucket, .access, .set("acl", .text(acl))) }
            if let ownership = reading.text("x-amz-object-ownership") {
                reading.add(bucket, .access, .set("ownership", .text(ownership)))
            }
        },
        "DeleteBucket": { reading in
            guard let bucket = reading.bucket else { return }
            reading.clear(bucket, [.existence, .policy, .access, .tags])
        },
        "PutBucketPolicy": { reading in
            guard let bucket = reading.bucket else { return }
            let text = reading.asked("bucketPolicy") ?? reading.asked("policy")
            reading.add(bucket, .policy, .replaceAll(["": .document(DocumentText(text))]))
        },
        "DeleteBucketPolicy": { reading in
            guard let bucket = reading.bucket else { return }
            reading.clear(bucket, [.policy])
        },
        "PutBucketAcl": { reading in
            guard let bucket = reading.bucket else { return }
            reading.add(bucket, .access, .set("acl", acl(reading).map(Value.text) ?? .present))
        },
        "PutObjectAcl": object, "PutObjectVersionAcl": object,
        "PutBucketOwnershipControls": { reading in
            guard let bucket = reading.bucket else { return }
            let rule = reading.asked("ownershipControls.rule")?.elements.first
            let ownership = ChangeReading.text(rule?.member(ignoringCase: "objectOwnership"))
            reading.add(bucket, .access, .set("ownership", ownership.map(Value.text) ?? .present))
        },
        "DeleteBucketOwnershipControls": { reading in
            guard let bucket = reading.bucket else { return }
            reading.add(bucket, .access, .remove("ownership"))
        },
        "PutBucketPublicAccessBlock": { reading in
            guard let bucket = reading.bucket else { return }
            block(bucket, &reading)
        },
        "DeleteBucketPublicAccessBlock": { reading in
            guard let bucket = reading.bucket else { return }
            unblock(bucket, &reading)
        },
        "PutAccountPublicAccessBlock": { reading in
            block(.account(reading.text("accountId", "x-amz-account-id") ?? reading.account), &reading)
        },
        "DeleteAccountPublicAccessBlock": { reading in
            unblock(.account(reading.text("accountId", "x-amz-account-id") ?? reading.account), &reading)
        },
        "CreateAccessPoint": { reading in
            guard let point = reading.accessPoint else { return }
            reading.add(point, .existence, .replaceAll(["": .present]))
            reading.clear(point, [.policy])
            var settings: [String: Value] = [:]
            settings["bucket"] = reading.text("bucket", "createAccessPointRequest.bucket").map(Value.text)
            settings["vpc"] =
                reading.text("vpcConfiguration.vpcId", "createAccessPointRequest.vpcConfiguration.vpcId").map(
                    Value.text)
            reading.add(point, .settings, reading.isCut ? .blurAll : .replaceAll(settings))
            // All four settings are on unless the request says otherwise.
            for name in blocks {
                let flag =
                    reading.flag("publicAccessBlockConfiguration.\(name)")
                    ?? reading.flag("createAccessPointRequest.publicAccessBlockConfiguration.\(name)")
                reading.add(point, .access, reading.isCut ? .blur(name) : .set(name, .text("\(flag ?? true)")))
            }
        },
        "DeleteAccessPoint": endPoint,
        "CreateAccessPointForObjectLambda": newPoint, "CreateMultiRegionAccessPoint": newPoint,
        "DeleteAccessPointForObjectLambda": endPoint, "DeleteMultiRegionAccessPoint": endPoint,
        "PutAccessPointPolicy": putPoint, "PutAccessPointPolicyForObjectLambda": putPoint,
        "PutMultiRegionAccessPointPolicy": putPoint,
        "DeleteAccessPointPolicy": deletePoint, "DeleteAccessPointPolicyForObjectLambda": deletePoint,
        "PutAccessPointPublicAccessBlock": { reading in
            guard let point = reading.accessPoint else { return }
            block(point, &reading)
        },
        "PutBucketTagging": { reading in
            guard let bucket = reading.bucket else { return }
            let tags = reading.tags("tagging.tagSet.tag") ?? reading.tags("tagging.tagSet") ?? reading.tags("tagging")
            reading.add(bucket, .tags, tags.map { .replaceAll($0) } ?? .blurAll)
        },
        "DeleteBucketTagging": { reading in
            guard let bucket = reading.bucket else { return }
            reading.clear(bucket, [.tags])
        },
        "PutBucketRequestPayment": { reading in
            guard let bucket = reading.bucket else { return }
            let payer = reading.text("requestPaymentConfiguration.payer")
            reading.add(bucket, .access, .set("payer", payer.map(Value.text) ?? .present))
        },
        "PutBucketObjectLockConfiguration": lockObjects, "PutObjectLockConfiguration": lockObjects,
        "PutBucketAbac": { reading in
            guard let bucket = reading.bucket else { return }
            let status = reading.text("abacStatus.status", "abacStatus")
            reading.add(bucket, .access, .set("abac", status.map(Value.text) ?? .present))
        },
    ]

    /// One object's list: the bucket is told that some object of it has one.
    private static func object(_ reading: inout ChangeReading) {
        guard let bucket = reading.bucket, let key = reading.text("key") else { return }
        reading.add(bucket, .access, .set("acl of \(key)", acl(reading).map(Value.text) ?? .present))
    }

    /// An access control list: the name of a canned one, else who is granted what.
    private static func lockObjects(_ reading: inout ChangeReading) {
        guard let bucket = reading.bucket else { return }
        let mode = reading.text("objectLockConfiguration.rule.defaultRetention.mode")
        reading.add(bucket, .access, .set("retention", mode.map(Value.text) ?? .present))
    }

    private static func acl(_ reading: ChangeReading) -> String? {
        if let canned = reading.texts("x-amz-acl").first { return canned }
        let list = reading.asked("accessControlPolicy.accessControlList.grant")?.elements ?? []
        var grants = list.prefix(ChangeReading.listLimit).compactMap { grant -> String? in
            let grantee = grant.member(ignoringCase: "grantee")
            let who = ["uri", "id", "emailAddress"].lazy.compactMap {
                ChangeReading.text(grantee?.member(ignoringCase: $0))
            }.first
            guard let who, let what = ChangeReading.text(grant.member(ignoringCase: "permission")) else { return nil }
            return "\(what) to \(who)"
        }
        for header in ["read", "write", "read-acp", "write-acp", "full-control"] {
            grants += reading.texts("x-amz-grant-\(header)").map {
                "\(header.uppercased().replacing("-", with: "_")) to \($0)"
            }
        }
        return grants.isEmpty ? nil : grants.joined(separator: ", ")
    }

    private static let blocks = ["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"]

    private static func block(_ holder: Holder, _ reading: inout ChangeReading) {
        for name in blocks {
            // A flag that is not named is off.
            let isOn = reading.flag("publicAccessBlockConfiguration.\(name)") ?? reading.flag(name)
            let isTold = reading.asked("publicAccessBlockConfiguration") != nil || isOn != nil
            reading.add(holder, .access, isTold ? .set(name, .text("\(isOn ?? false)")) : .blur(name))
        }
    }

    private static func unblock(_ holder: Holder, _ reading: inout ChangeReading) {
        for name in blocks {
            reading.add(holder, .access, .set(name, .text("false")))
        }
    }

    private static func newPoint(_ reading: inout ChangeReading) {
        guard let point = reading.accessPoint else { return }
        reading.add(point, .existence, .replaceAll(["": .present]))
        reading.clear(point, [.policy])
    }

    private static func endPoint(_ reading: inout ChangeReading) {
        guard let point = reading.accessPoint else { return }
        reading.clear(point, [.existence, .policy, .settings, .access])
    }

    private static func putPoint(_ reading: inout ChangeReading) {
        guard let point = reading.accessPoint else { return }
        let text =
            reading.asked("policy") ?? reading.asked("details.policy")
            ?? reading.asked("putAccessPointPolicyRequest.policy")
        reading.add(point, .policy, .replaceAll(["": .document(DocumentText(text))]))
    }

    private static func deletePoint(_ reading: inout ChangeReading) {
        guard let point = reading.accessPoint else { return }
        reading.clear(point, [.policy])
    }
}

extension ChangeReading {
    fileprivate var bucket: Holder? { resource(text("bucketName", "bucket")) }

    fileprivate var accessPoint: Holder? {
        guard let name = text("name", "details.name", "accessPointName") else { return nil }
        return resource(name, "accesspoint/")
    }
}
