extension JSONFragment {
    /// The text at a path of up to three names, in any letter case: EC2 wraps its parameters in
    /// `ModifyVpcEndpointRequest.VpcEndpointId`, other services write `vpcEndpointId`.
    package func text(at path: [String]) -> String? {
        switch path.count {
        case 1: string(at: path[0], ignoringCase: true)
        case 2: string(at: path[0], path[1], ignoringCase: true)
        case 3: string(at: path[0], path[1], path[2], ignoringCase: true)
        default: nil
        }
    }

    /// Whether there is a value, be it empty, at a path of one or two names.
    package func holds(_ path: [String]) -> Bool {
        switch path.count {
        case 1: fragment(at: path[0], ignoringCase: true) != nil
        case 2: fragment(at: path[0], path[1], ignoringCase: true) != nil
        default: false
        }
    }
}
