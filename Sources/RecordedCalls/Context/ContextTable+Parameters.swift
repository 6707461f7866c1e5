/// Condition keys of services that are parameters of the call under another name, as one table.
///
/// Source: "Condition keys" of each service in the service authorization reference, and its API reference. What a call does not pass
/// has the service's default, so that it is unknown.
extension ContextTable {
    static let parameters: [ContextRow] = names.map { key, path in
        ContextRow(
            key, .service(String(key.prefix { $0 != ":" })), .parameter(path.split(separator: ".").map(String.init)),
            missing: .unknown, "S")
    }

    private static let names: KeyValuePairs<String, String> = [
        "rds:StorageEncrypted": "storageEncrypted", "rds:DatabaseClass": "dBInstanceClass",
        "rds:DatabaseEngine": "engine", "rds:DatabaseName": "dBName", "rds:MultiAz": "multiAZ",
        "rds:Piops": "iops", "rds:StorageSize": "allocatedStorage", "rds:PubliclyAccessible": "publiclyAccessible",
        "rds:ManageMasterUserPassword": "manageMasterUserPassword", "elasticfilesystem:Encrypted": "encrypted",
        "elasticache:CacheNodeType": "cacheNodeType", "elasticache:EngineType": "engine",
        "elasticache:EngineVersion": "engineVersion",
        "elasticache:AtRestEncryptionEnabled": "atRestEncryptionEnabled",
        "elasticache:TransitEncryptionEnabled": "transitEncryptionEnabled",
        "elasticloadbalancing:Scheme": "scheme", "elasticloadbalancing:SecurityPolicy": "sslPolicy",
        "elasticloadbalancing:ListenerProtocol": "protocol", "cloudformation:RoleArn": "roleARN",
        "cloudformation:TemplateUrl": "templateURL", "cloudformation:StackPolicyUrl": "stackPolicyURL",
        "cloudformation:ChangeSetName": "changeSetName", "ssm:Overwrite": "overwrite", "ssm:Recursive": "recursive",
        "sagemaker:RootAccess": "rootAccess", "sagemaker:DirectInternetAccess": "directInternetAccess",
        "sagemaker:VolumeKmsKey": "kmsKeyId", "acm:ValidationMethod": "validationMethod",
        "acm:KeyAlgorithm": "keyAlgorithm", "eks:kubernetesVersion": "version",
        "eks:endpointPublicAccess": "resourcesVpcConfig.endpointPublicAccess",
        "eks:endpointPrivateAccess": "resourcesVpcConfig.endpointPrivateAccess",
        "eks:authenticationMode":
            "accessConfig.authenticationMode", "logs:DestinationResource": "destinationArn",
    ]
}
