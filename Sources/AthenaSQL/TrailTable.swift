/// Athena's table over a trail's log files, whose partitions need no crawler: they are computed from a query's WHERE.
///
/// Source: "Create the table for CloudTrail logs in Athena using partition projection" in the Athena user guide.
struct TrailTable {
    /// The table's name.
    static let name = "cloudtrail"

    private let location: TrailLocation
    /// The first day that has log files, `yyyy/MM/dd`.
    private let firstDay: String

    init(_ location: TrailLocation, firstDay: String) {
        self.location = location
        self.firstDay = firstDay
    }

    /// Columns of the log files, in CloudTrail's order, as `UNLOAD` writes them once more.
    static let columns: [(name: String, type: String)] = [
        ("eventversion", "string"),
        (
            "useridentity",
            """
            struct<type:string, principalid:string, arn:string, accountid:string, invokedby:string, accesskeyid:string,
                username:string, identityprovider:string, credentialid:string,
                onbehalfof:struct<userid:string, identitystorearn:string>,
                sessioncontext:struct<
                    attributes:struct<mfaauthenticated:string, creationdate:string>,
                    sessionissuer:struct<type:string, principalid:string, arn:string, accountid:string, username:string>,
                    ec2roledelivery:string, sourceidentity:string, credentialsissuedto:string,
                    webidfederationdata:struct<federatedprovider:string, attributes:map<string,string>>>,
                inscopeof:struct<sourcearn:string, sourceaccount:string, issuertype:string, credentialsissuedto:string>>
            """
        ),
        ("eventtime", "string"), ("eventsource", "string"), ("eventname", "string"), ("awsregion", "string"),
        ("sourceipaddress", "string"), ("useragent", "string"), ("errorcode", "string"), ("errormessage", "string"),
        ("requestparameters", "string"), ("responseelements", "string"), ("additionaleventdata", "string"),
        ("requestid", "string"), ("eventid", "string"), ("readonly", "string"),
        ("resources", "array<struct<arn:string, accountid:string, type:string>>"), ("eventtype", "string"),
        ("apiversion", "string"), ("managementevent", "string"), ("recipientaccountid", "string"),
        ("serviceeventdetails", "string"), ("sharedeventid", "string"), ("vpcendpointid", "string"),
        ("eventcategory", "string"), ("addendum", "string"), ("sessioncredentialfromconsole", "string"),
        ("edgedevicedetails", "string"),
        ("tlsdetails", "struct<tlsversion:string, ciphersuite:string, clientprovidedhostheader:string>"),
    ]

    /// The statement.
    var statement: String {
        let root = location.organization.map { location.folder + $0 + "/" } ?? location.folder
        var properties = [("projection.enabled", "true")]
        if location.accounts.isEmpty {
            properties.append(("projection.account.type", "injected"))
        } else {
            properties += [
                ("projection.account.type", "enum"),
                ("projection.account.values", location.accounts.joined(separator: ",")),
            ]
        }
        properties += [
            ("projection.region.type", "enum"), ("projection.region.values", regions.joined(separator: ",")),
            ("projection.day.type", "date"), ("projection.day.format", "yyyy/MM/dd"),
            ("projection.day.range", "\(firstDay),NOW"), ("projection.day.interval", "1"),
            ("projection.day.interval.unit", "DAYS"),
            ("storage.location.template", "\(root)${account}/CloudTrail/${region}/${day}"),
        ]
        return """
            CREATE EXTERNAL TABLE IF NOT EXISTS \(Self.name) (
            \(Self.columns.map { "  \($0.name) \($0.type)" }.joined(separator: ",\n"))
            )
            PARTITIONED BY (account string, region string, day string)
            ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
            STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
            OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
            LOCATION \(SQLText.literal(root))
            TBLPROPERTIES (
            \(properties.map { "  \(SQLText.literal($0.0)) = \(SQLText.literal($0.1))" }.joined(separator: ",\n"))
            )
            """
    }

    private var regions: [String] { location.regions.isEmpty ? Self.commercialRegions : location.regions }

    /// Regions of the commercial partition. Source: "AWS Regions" in the AWS Regions and Availability Zones user guide.
    private static let commercialRegions = """
        af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1
        ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1
        eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1
        me-south-1 mx-central-1 sa-east-1 us-east-1 us-east-2 us-west-1 us-west-2
        """.split(whereSeparator: \.isWhitespace).map(String.init)
}
