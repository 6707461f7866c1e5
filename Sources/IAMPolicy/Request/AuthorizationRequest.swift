/// What IAM decides on: one principal, one action, one resource, and the context.
///
/// One call to AWS often makes several requests, and each must be allowed. Source: "Request context" in the IAM user guide.
public struct AuthorizationRequest: Sendable {
    /// Who asks.
    public var principal: RequestPrincipal
    /// What for, such as `mobiletargeting:SendMessages`.
    public var action: String { asked.action.text }
    /// The ARN, `*` for an action without resource types, or another name (a phone number).
    public var resource: String { asked.resource }
    /// The account that owns the resource; `nil` where it is not known.
    public private(set) var resourceAccount: String?
    /// The context keys.
    public var context: RequestContext {
        get { known.value }
        set { known = DeferredContext(newValue) }
    }
    private var known: DeferredContext
    /// Settings of services that are no policies.
    public var settings: ServiceSettings
    /// Whether ``resource`` is what the request was on. Where it is not known, only what covers everything covers it for certain.
    package var isResourceKnown = true

    /// IAM's service prefix in lower case.
    package var service: String { asked.action.service }
    /// The action's name in lower case, without the prefix.
    var operation: String { asked.action.operation }
    var actionName: ActionName { asked.action.name }
    var resourceBytes: [UInt8] { asked.resourceBytes }
    var resourceARN: ARN? { asked.resourceARN }
    private let asked: Asked

    /// What is asked for, taken apart, behind one reference: copies of a request are many.
    private final class Asked: Sendable {
        let action: ReadAction
        let resource: String
        let resourceBytes: [UInt8]
        let resourceARN: ARN?

        init(_ action: ReadAction, _ resource: String) {
            self.action = action
            self.resource = resource
            resourceBytes = Array(resource.utf8)
            resourceARN = ARN(resource)
        }
    }

    /// An action with its parts.
    private final class ReadAction: Sendable {
        let text: String
        let name: ActionName
        let service: String
        let operation: String

        private static let known = RecentlyRead<ReadAction?>()

        private init?(_ text: String) {
            guard let name = ActionName(text) else { return nil }
            self.text = text
            self.name = name
            service = String(decoding: name.service, as: UTF8.self)
            operation = String(decoding: name.name, as: UTF8.self)
        }

        /// `nil` where the text is no action.
        static func reading(_ text: String) -> ReadAction? { known.value(text) { ReadAction(text) } }
    }

    /// Settings of services that refuse beside policies.
    public struct ServiceSettings: Sendable, Hashable {
        /// S3's `RestrictPublicBuckets`, of the bucket or of its account.
        public var restrictPublicBuckets = false
        /// Whether tags of an S3 bucket stand in the context; `nil` where that is not known.
        public var bucketABACEnabled: Bool?

        /// Nothing set.
        public init() {}
    }

    /// The longest resource that is matched, in bytes of UTF-8. AWS's longest ARNs have half of it.
    public static let resourceLimit = 4096
    /// The longest context value that is matched, in bytes of UTF-8.
    public static let valueLimit = 8192

    /// A request; `nil` where the action is none (`service:Name`) or the resource is empty or too long.
    ///
    /// `resourceAccount` is the owner; where it is `nil`, it is taken from the ARN, or from `aws:ResourceAccount` in the context. A request
    /// without a context has no key.
    public init?(
        principal: RequestPrincipal, action: String, resource: String, resourceAccount: String? = nil,
        context: RequestContext? = nil, settings: ServiceSettings = ServiceSettings()
    ) {
        guard !resource.isEmpty, resource.utf8.count <= Self.resourceLimit, let read = ReadAction.reading(action) else {
            return nil
        }
        self.principal = principal
        asked = Asked(read, resource)
        known = context.map { DeferredContext($0) } ?? .empty
        self.settings = settings
        self.resourceAccount = resourceAccount ?? Self.owner(of: asked.resourceARN, context ?? .empty, principal)
    }

    /// The account that owns what an ARN names, as far as it and the context tell.
    private static func owner(of arn: ARN?, _ context: RequestContext, _ principal: RequestPrincipal) -> String? {
        guard let arn else { return principal.account }
        if !arn.account.isEmpty { return arn.account }
        // A public image or snapshot is shared by an attribute of its own; no policy of the owner decides.
        return context.value(ContextKey("aws:ResourceAccount")) ?? context.value(ContextKey("s3:ResourceAccount"))
            ?? (arn.service == "ec2" ? principal.account : nil)
    }

    /// The same on what an account owns; where that is `nil`, it is told as for a new request.
    package func with(resourceAccount: String?) -> AuthorizationRequest {
        var request = self
        request.resourceAccount = resourceAccount ?? Self.owner(of: resourceARN, context, principal)
        return request
    }

    /// The same with a context that is made when somebody asks for a key of it.
    package func deferring(_ context: @escaping @Sendable () -> RequestContext) -> AuthorizationRequest {
        var request = self
        request.known = DeferredContext(context)
        return request
    }

    /// The request as the service makes it: tags of an S3 bucket are context keys only where the bucket has ABAC switched on.
    var withServiceContext: AuthorizationRequest {
        guard settings.bucketABACEnabled == false, isOnBucket else { return self }
        var request = self
        request.context.removeKeys(beginning: ContextKey("aws:ResourceTag/"))
        return request
    }

    /// Whether principal and resource belong to one account; undetermined where the owner is not known.
    ///
    /// Who has no account, such as a service, is a stranger everywhere.
    var isSameAccount: Truth {
        guard let account = principal.account else { return .no }
        guard let resourceAccount else { return .undetermined }
        return Truth(account == resourceAccount)
    }
}
