import OrderedJSON

/// Where the record of a call tells each condition key, as data.
///
/// A key that stands in no row is unknown. Sources: "G" is "AWS global condition context keys" in the IAM user guide, "S" the service
/// authorization reference of the service, "R" records.
package enum ContextTable {
    /// Every row; of a key that stands in two the first that applies counts.
    static let rows: [ContextRow] = global + sessions + tags + s3 + kms + iam + sts + services + parameters

    /// The rows of keys that calls pass as a parameter, by its path in lower case.
    static let rowsByParameter: [[String]: [ContextRow]] = rows.reduce(into: [:]) { table, row in
        switch row.reading {
        case .parameter(let names), .parameterList(let names):
            table[names.map { $0.lowercased() }, default: []].append(row)
        case .record, .first, .tags, .rule, .never: break
        }
    }

    /// Whether a key is one of other actions alone, so that no request for this one has it.
    package static func isForeign(_ key: String, to action: String) -> Bool {
        let key = key.lowercased()
        let own = rows.filter { $0.key.lowercased() == key }
        return !own.isEmpty && !own.contains { $0.applies(to: action.lowercased()) }
    }

    /// Whether the caller chooses a key's value with a parameter of the call.
    package static func isChosen(_ key: String, by action: String) -> Bool {
        let key = key.lowercased()
        return rows.contains { row in
            guard row.key.lowercased() == key, row.applies(to: action.lowercased()) else { return false }
            return row.reading.isParameter
        }
    }

    /// The tags that a call passes.
    static let requestTags = ContextRow(
        "aws:RequestTag/*", .every,
        .tags([
            ["tags"], ["tag"], ["tagSpecificationSet"], ["tagSpecifications"], ["tagging", "tagSet"], ["tagSet"],
            ["tagsToAdd"], ["tagging"], ["x-amz-tagging"], ["tagsModel", "tags"],
        ]), "G: aws:RequestTag; R: EC2 `tagSpecificationSet.items[].tags`, IAM `tags[].key`, S3 `tagging`, Lambda a map"
    )

    private static let global: [ContextRow] = [
        ContextRow("aws:userid", .every, .rule(RecordedCall.userID), "G; R: userIdentity.principalId"),
        ContextRow("aws:username", .every, .rule(RecordedCall.userName), "G: of IAM users alone"),
        ContextRow("aws:PrincipalIsAWSService", .every, .rule(RecordedCall.isService), "G"),
        ContextRow("aws:PrincipalServiceName", .every, .rule(RecordedCall.serviceName), "G: of services alone"),
        ContextRow("aws:SourceIp", .every, .rule(RecordedCall.sourceIP), "G: not through an endpoint"),
        ContextRow("aws:VpcSourceIp", .every, .rule(RecordedCall.vpcSourceIP), "G: through an endpoint alone"),
        ContextRow("aws:SourceVpce", .every, .rule(RecordedCall.sourceEndpoint), "G; R: vpcEndpointId since 1.04"),
        ContextRow("aws:SourceVpc", .every, .rule(RecordedCall.sourceVPC), "G: through an endpoint alone"),
        ContextRow("aws:SourceVpcArn", .every, .rule(RecordedCall.sourceVPC), "G: through an endpoint alone"),
        ContextRow("aws:VpceAccount", .every, .rule(RecordedCall.endpointAccount), "G; R: vpcEndpointAccountId"),
        ContextRow("aws:SecureTransport", .every, .rule(RecordedCall.secureTransport), "G; R: tlsDetails"),
        ContextRow("aws:CurrentTime", .every, .record(["eventTime"]), "G; R: the time at which the call ended"),
        ContextRow("aws:EpochTime", .every, .rule(RecordedCall.epochTime), "G; R: eventTime"),
        ContextRow("aws:UserAgent", .every, .rule(RecordedCall.userAgent), "G; R: userAgent, cut at 1 KB"),
        ContextRow("aws:RequestedRegion", .every, .rule(RecordedCall.requestedRegion), "G; R: awsRegion"),
        ContextRow("aws:ViaAWSService", .every, .rule(RecordedCall.viaService), "G; R: userIdentity.invokedBy"),
        ContextRow("aws:CalledVia", .every, .rule(RecordedCall.calledVia), "G: which services set it; R: invokedBy"),
        ContextRow("aws:CalledViaFirst", .every, .rule(RecordedCall.calledViaOne), "G; R: invokedBy"),
        ContextRow("aws:CalledViaLast", .every, .rule(RecordedCall.calledViaOne), "G; R: invokedBy"),
    ]

    private static let sessions: [ContextRow] = [
        ContextRow("aws:TokenIssueTime", .every, .rule(RecordedCall.tokenIssueTime), "G; R: creationDate"),
        ContextRow("aws:MultiFactorAuthPresent", .every, .rule(RecordedCall.multiFactor), "G; R: mfaAuthenticated"),
        ContextRow("aws:MultiFactorAuthAge", .every, .rule(RecordedCall.multiFactorAge), "G; R: creationDate"),
        ContextRow("aws:SourceIdentity", .every, .rule(RecordedCall.sourceIdentity), "G; R: sourceIdentity"),
        ContextRow(
            "aws:FederatedProvider", .every,
            .first([
                .record(["userIdentity", "sessionContext", "webIdFederationData", "federatedProvider"]),
                .record(["userIdentity", "identityProvider"]),
            ]), "G: of web identities and their sessions"),
        ContextRow(
            "aws:AssumedRoot", .every, .record(["userIdentity", "sessionContext", "assumedRoot"]),
            "G: of AssumeRoot's sessions alone"),
        ContextRow(
            "ec2:RoleDelivery", .every, .record(["userIdentity", "sessionContext", "ec2RoleDelivery"]),
            "S: of an instance's credentials alone"),
        ContextRow("ec2:SourceInstanceARN", .every, .rule(RecordedCall.instanceARN), "S; R: the session's name"),
        ContextRow("lambda:SourceFunctionArn", .every, .rule(RecordedCall.functionARN), "S; R: inScopeOf"),
        ContextRow(
            "identitystore:UserId", .every, .record(["userIdentity", "onBehalfOf", "userId"]),
            "S: of Identity Center's sessions"),
    ]

    private static let tags: [ContextRow] = [
        requestTags,
        ContextRow("aws:TagKeys", .every, .rule(RecordedCall.tagKeys), "G; R: tags or tagKeys"),
    ]

    private static let puts: Set<String> = ["s3:putobject", "s3:putobjectacl", "s3:putobjectversionacl"]
    private static let writes: Set<String> = puts.union(["s3:createbucket", "s3:putbucketacl"])
    private static let lists: Set<String> = ["s3:listbucket", "s3:listbucketversions"]
    private static let versions: Set<String> = [
        "s3:getobjectversion", "s3:deleteobjectversion", "s3:putobjectversionacl", "s3:getobjectversionacl",
        "s3:putobjectversiontagging", "s3:getobjectversiontagging", "s3:deleteobjectversiontagging",
    ]

    /// Headers and parameters of S3, which records spell as the headers.
    private static let s3: [ContextRow] =
        [
            "x-amz-acl", "x-amz-grant-read", "x-amz-grant-write", "x-amz-grant-read-acp", "x-amz-grant-write-acp",
            "x-amz-grant-full-control",
        ].map {
            ContextRow("s3:\($0)", .actions(writes), .parameter([$0]), "S: s3; R: requestParameters, as headers")
        }
        + [
            "x-amz-storage-class", "x-amz-server-side-encryption", "x-amz-server-side-encryption-aws-kms-key-id",
            "x-amz-server-side-encryption-customer-algorithm", "x-amz-copy-source", "x-amz-metadata-directive",
            "x-amz-website-redirect-location", "object-lock-mode", "object-lock-retain-until-date",
            "object-lock-legal-hold",
        ].map { name in
            let header = name.hasPrefix("object") ? "x-amz-\(name)" : name
            return ContextRow(
                "s3:\(name)", .actions(["s3:putobject", "s3:replicateobject"]), .parameter([header]),
                "S: s3; R: requestParameters, as headers")
        }
        + [
            ContextRow(
                "s3:x-amz-object-ownership", .actions(["s3:createbucket", "s3:putbucketownershipcontrols"]),
                .first([
                    .parameter(["x-amz-object-ownership"]),
                    .parameter(["OwnershipControls", "Rule", "ObjectOwnership"]),
                ]), "S: s3; R: CreateBucket, PutBucketOwnershipControls"),
            ContextRow("s3:prefix", .actions(lists), .parameter(["prefix"]), "S: s3; R: ListObjects"),
            ContextRow("s3:delimiter", .actions(lists), .parameter(["delimiter"]), "S: s3; R: ListObjects"),
            ContextRow("s3:max-keys", .actions(lists), .parameter(["max-keys"]), "S: s3; R: ListObjects"),
            ContextRow("s3:versionid", .actions(versions), .parameter(["versionId"]), "S: s3; R: GetObject"),
            ContextRow(
                "s3:locationconstraint", .actions(["s3:createbucket"]),
                .parameter(["CreateBucketConfiguration", "LocationConstraint"]), "S: s3; R: CreateBucket"),
            ContextRow("s3:authType", .service("s3"), .rule(RecordedCall.authenticationType), "S: s3; R"),
            ContextRow("s3:signatureversion", .service("s3"), .rule(RecordedCall.signatureVersion), "S: s3; R"),
            ContextRow("s3:signatureAge", .service("s3"), .rule(RecordedCall.signatureAge), "S: s3; R: X-Amz-Date"),
            ContextRow("s3:TlsVersion", .service("s3"), .rule(RecordedCall.tlsVersion), "S: s3; R: tlsDetails"),
            ContextRow("s3:RequestObjectTag/*", .actions(["s3:putobject"]), .tags([["x-amz-tagging"]]), "S: s3"),
            ContextRow("s3:ExistingObjectTag/*", .service("s3"), .never, missing: .unknown, "S: s3; no record"),
        ]

    private static let kms: [ContextRow] = [
        ContextRow("kms:ViaService", .service("kms"), .rule(RecordedCall.kmsVia), "S: kms; R: invokedBy"),
        ContextRow(
            "kms:CallerAccount", .service("kms"), .record(["userIdentity", "accountId"]), missing: .unknown,
            "S: kms"),
        ContextRow(
            "kms:EncryptionContext:*", .service("kms"), .rule(RecordedCall.encryptionContext),
            "S: kms; R: encryptionContext"),
        ContextRow(
            "kms:EncryptionContextKeys", .service("kms"), .rule(RecordedCall.encryptionContextKeys), "S: kms"),
        ContextRow(
            "kms:GranteePrincipal", .actions(["kms:creategrant"]), .parameter(["granteePrincipal"]), "S: kms"),
        ContextRow(
            "kms:RetiringPrincipal", .actions(["kms:creategrant"]), .parameter(["retiringPrincipal"]), "S: kms"),
        ContextRow(
            "kms:GrantOperations", .actions(["kms:creategrant"]), .parameterList(["operations"]), "S: kms"),
        ContextRow(
            "kms:GrantIsForAWSResource", .actions(["kms:creategrant", "kms:revokegrant", "kms:listgrants"]),
            .rule { $0.throughService != nil ? .value("true") : .among(["false"], orAbsent: true) }, "S: kms"),
        ContextRow(
            "kms:EncryptionAlgorithm", .service("kms"), .parameter(["encryptionAlgorithm"]), missing: .unknown, "S: kms"
        ),
        ContextRow(
            "kms:RequestAlias", .service("kms"),
            .rule { call in
                call.parameterText("keyId").map { $0.contains("alias/") ? .value($0) : .missing } ?? .untold
            }, "S: kms; R: keyId"),
        ContextRow("kms:KeySpec", .actions(["kms:createkey"]), .parameter(["keySpec"]), missing: .unknown, "S: kms"),
        ContextRow("kms:KeyUsage", .actions(["kms:createkey"]), .parameter(["keyUsage"]), missing: .unknown, "S: kms"),
        ContextRow(
            "kms:ScheduleKeyDeletionPendingWindowInDays", .actions(["kms:schedulekeydeletion"]),
            .parameter(["pendingWindowInDays"]), "S: kms"),
        ContextRow(
            "kms:BypassPolicyLockoutSafetyCheck", .actions(["kms:createkey", "kms:putkeypolicy"]),
            .parameter(["bypassPolicyLockoutSafetyCheck"]), "S: kms"),
    ]

    private static let creations: Set<String> = ["iam:createrole", "iam:createuser"]

    private static let iam: [ContextRow] = [
        ContextRow(
            "iam:PermissionsBoundary",
            .actions(creations.union(["iam:putrolepermissionsboundary", "iam:putuserpermissionsboundary"])),
            .parameter(["permissionsBoundary"]), "S: iam; R: permissionsBoundary"),
        // Of a change of somebody's policies it is the boundary that the somebody has.
        ContextRow(
            "iam:PermissionsBoundary",
            .actions([
                "iam:attachrolepolicy", "iam:attachuserpolicy", "iam:deleterolepolicy", "iam:deleteuserpolicy",
                "iam:detachrolepolicy", "iam:detachuserpolicy", "iam:putrolepolicy", "iam:putuserpolicy",
                "iam:deleterolepermissionsboundary", "iam:deleteuserpermissionsboundary",
            ]), .never, missing: .unknown, "S: iam: the boundary that the role or user has"),
        ContextRow(
            "iam:PolicyARN",
            .actions([
                "iam:attachrolepolicy", "iam:attachuserpolicy", "iam:attachgrouppolicy", "iam:detachrolepolicy",
                "iam:detachuserpolicy", "iam:detachgrouppolicy",
            ]), .parameter(["policyArn"]), "S: iam; R: policyArn"),
        ContextRow(
            "iam:AWSServiceName", .actions(["iam:createservicelinkedrole"]), .parameter(["aWSServiceName"]), "S: iam"),
        ContextRow("iam:PassedToService", .actions(["iam:passrole"]), .rule(RecordedCall.passedTo), "S: iam"),
        ContextRow("iam:AssociatedResourceArn", .actions(["iam:passrole"]), .never, missing: .unknown, "S: iam"),
    ]

    private static let assumptions: Set<String> = [
        "sts:assumerole", "sts:assumerolewithwebidentity", "sts:assumerolewithsaml", "sts:tagsession",
        "sts:setsourceidentity", "sts:setcontext",
    ]

    private static let sts: [ContextRow] = [
        ContextRow("sts:ExternalId", .actions(assumptions), .parameter(["externalId"]), "S: sts; R: externalId"),
        ContextRow("sts:RoleSessionName", .actions(assumptions), .parameter(["roleSessionName"]), "S: sts; R"),
        ContextRow("sts:SourceIdentity", .actions(assumptions), .parameter(["sourceIdentity"]), "S: sts; R"),
        ContextRow(
            "sts:TransitiveTagKeys", .actions(assumptions), .parameterList(["transitiveTagKeys"]), "S: sts; R"),
        ContextRow("sts:DurationSeconds", .actions(["sts:getservicebearertoken"]), .never, missing: .unknown, "S: sts"),
        ContextRow(
            "sts:TaskPolicyArn", .actions(["sts:assumeroot"]), .parameter(["taskPolicyArn", "arn"]), "S: sts"),
    ]

    private static let services: [ContextRow] = [
        ContextRow("sns:Protocol", .actions(["sns:subscribe"]), .parameter(["protocol"]), "S: sns; R"),
        ContextRow("sns:Endpoint", .actions(["sns:subscribe"]), .parameter(["endpoint"]), "S: sns; R"),
        ContextRow(
            "lambda:Principal", .actions(["lambda:addpermission", "lambda:removepermission"]),
            .parameter(["principal"]), "S: lambda"),
        ContextRow(
            "lambda:FunctionUrlAuthType",
            .actions([
                "lambda:createfunctionurlconfig", "lambda:updatefunctionurlconfig", "lambda:addpermission",
                "lambda:invokefunctionurl",
            ]), .parameter(["authType"]), missing: .unknown, "S: lambda"),
        ContextRow(
            "lambda:FunctionArn",
            .actions([
                "lambda:createeventsourcemapping", "lambda:updateeventsourcemapping",
                "lambda:deleteeventsourcemapping",
            ]), .parameter(["functionName"]), missing: .unknown, "S: lambda"),
        ContextRow(
            "lambda:Layer", .actions(["lambda:createfunction", "lambda:updatefunctionconfiguration"]),
            .parameterList(["layers"]), "S: lambda; R: layers"),
        ContextRow(
            "lambda:SubnetIds", .actions(["lambda:createfunction", "lambda:updatefunctionconfiguration"]),
            .parameterList(["vpcConfig", "subnetIds"]), "S: lambda; R: vpcConfig"),
        ContextRow(
            "lambda:SecurityGroupIds", .actions(["lambda:createfunction", "lambda:updatefunctionconfiguration"]),
            .parameterList(["vpcConfig", "securityGroupIds"]), "S: lambda; R: vpcConfig"),
        ContextRow(
            "lambda:VpcIds", .actions(["lambda:createfunction", "lambda:updatefunctionconfiguration"]), .never,
            missing: .unknown, "S: lambda"),
        ContextRow(
            "lambda:CodeSigningConfigArn", .service("lambda"), .parameter(["codeSigningConfigArn"]), "S: lambda"),
        ContextRow(
            "secretsmanager:VersionStage", .service("secretsmanager"), .parameter(["versionStage"]), "S: secretsmanager"
        ),
        ContextRow(
            "secretsmanager:VersionId", .service("secretsmanager"), .parameter(["versionId"]), "S: secretsmanager"),
        ContextRow(
            "secretsmanager:Name", .actions(["secretsmanager:createsecret"]), .parameter(["name"]), "S: secretsmanager"),
        ContextRow(
            "secretsmanager:KmsKeyId", .actions(["secretsmanager:createsecret", "secretsmanager:updatesecret"]),
            .parameter(["kmsKeyId"]), "S: secretsmanager"),
        ContextRow("secretsmanager:SecretId", .service("secretsmanager"), .never, missing: .unknown, "S: an ARN"),
        ContextRow("dynamodb:LeadingKeys", .service("dynamodb"), .never, missing: .unknown, "S: keys are masked"),
        ContextRow("dynamodb:Select", .service("dynamodb"), .parameter(["select"]), "S: dynamodb"),
        ContextRow("dynamodb:ReturnValues", .service("dynamodb"), .parameter(["returnValues"]), "S: dynamodb"),
        ContextRow(
            "ec2:InstanceType", .actions(["ec2:runinstances"]), .parameter(["instanceType"]), missing: .unknown,
            "S: ec2"),
        ContextRow(
            "ec2:CreateAction", .actions(["ec2:createtags"]),
            .rule { call in
                call.text("eventName").map { $0 == "CreateTags" ? .missing : .value($0) } ?? .untold
            }, "S: ec2: of tags at creation alone"),
        creation("elasticloadbalancing:CreateAction", "elasticloadbalancing:addtags", "AddTags"),
        creation("ecs:CreateAction", "ecs:tagresource", "TagResource"),
        creation("elasticfilesystem:CreateAction", "elasticfilesystem:tagresource", "TagResource"),
        ContextRow(
            "route53:ChangeResourceRecordSetsRecordTypes", .actions(["route53:changeresourcerecordsets"]),
            .rule { $0.ofRecordSets { $0.member(ignoringCase: "resourceRecordSet")?.member(ignoringCase: "type") } },
            "S: route53; R: changeBatch.changes"),
        ContextRow(
            "route53:ChangeResourceRecordSetsNormalizedRecordNames", .actions(["route53:changeresourcerecordsets"]),
            .rule {
                $0.ofRecordSets { $0.member(ignoringCase: "resourceRecordSet")?.member(ignoringCase: "name") }
                    .mapTexts { name in
                        let lowered = name.lowercased()
                        return lowered.hasSuffix(".") ? String(lowered.dropLast()) : lowered
                    }
            }, "S: route53: in lower case, without the last dot"),
        ContextRow(
            "route53:ChangeResourceRecordSetsActions", .actions(["route53:changeresourcerecordsets"]),
            .rule { $0.ofRecordSets { $0.member(ignoringCase: "action") } }, "S: route53; R: changeBatch.changes"),
        ContextRow(
            "ec2:Encrypted", .actions(["ec2:createvolume"]), .parameter(["encrypted"]), missing: .unknown,
            "S: ec2; R: encrypted; the account's default may encrypt"),
        ContextRow(
            "ec2:VolumeType", .actions(["ec2:createvolume"]), .parameter(["volumeType"]), missing: .unknown, "S: ec2"),
        ContextRow("ec2:VolumeSize", .actions(["ec2:createvolume"]), .parameter(["size"]), missing: .unknown, "S: ec2"),
        ContextRow(
            "ses:FromAddress", .service("ses"), .rule { $0.sender?.address ?? .untold }, missing: .unknown,
            "S: ses; R: source, fromEmailAddress; masked mostly"),
        ContextRow(
            "ses:FromDisplayName", .service("ses"), .rule { $0.sender?.name ?? .untold },
            "S: ses; R: source, fromEmailAddress; masked mostly"),
        ContextRow("ses:Recipients", .service("ses"), .never, missing: .unknown, "S: ses; R: masked"),
        ContextRow(
            "organizations:ServicePrincipal", .service("organizations"), .parameter(["servicePrincipal"]), "S"),
        ContextRow("organizations:PolicyType", .service("organizations"), .never, missing: .unknown, "S"),
        ContextRow("bedrock:InferenceProfileArn", .service("bedrock"), .never, missing: .unknown, "S: bedrock"),
        ContextRow(
            "bedrock:GuardrailIdentifier", .service("bedrock"), .parameter(["guardrailIdentifier"]), "S: bedrock"),
    ]
}

extension ContextTable {
    /// Which operation creates what is tagged in the same call; an operation that only tags has no such key.
    private static func creation(_ key: String, _ action: String, _ tagging: String) -> ContextRow {
        ContextRow(
            key, .actions([action]),
            .rule { call in call.text("eventName").map { $0 == tagging ? .missing : .value($0) } ?? .untold },
            "S: of tags at creation alone")
    }
}

extension RecordedCall {
    /// One value of each change of DNS records that a call to Route 53 asks for.
    fileprivate func ofRecordSets(_ value: (JSONValue) -> JSONValue?) -> ContextRow.Told {
        guard case .value(let changes) = parameter(["changeBatch", "changes"]) else { return .untold }
        let values = changes.listed.map { value($0)?.scalarText }
        return values.contains(nil) || values.isEmpty ? .untold : .list(Set(values.compactMap(\.self)).sorted())
    }
}

extension ContextRow.Told {
    fileprivate func mapTexts(_ change: (String) -> String) -> ContextRow.Told {
        guard case .list(let texts) = self else { return self }
        return .list(texts.map(change))
    }
}

extension RecordedCall {
    /// The value that the call gives a tag; `nil` where it passes no such tag, and where the record hides it.
    package func requestTag(_ key: String) -> String? {
        guard case .pairs(let tags) = ContextTable.requestTags.told(by: self) else { return nil }
        return tags[key]
    }
}
