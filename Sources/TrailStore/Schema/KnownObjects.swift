/// The digests of everything that versions 1 to 8 of the database had in their schema (``SchemaObject/digest``), and that
/// what migrated them left as it was. Version 9's are those of what ``Migration/layOut(_:)`` makes.
///
/// Written by the test `SchemaDigestTests` from the schemas in Tests/TrailStoreTests/Data.
enum KnownObjects {
    /// The tables of version 1, which every version has.
    static let firstTables: Set<String> = [
        "activity", "denialGroupRow", "denialRow", "eventRow", "identity", "ingestIssue", "logFile", "operation",
        "permissionChangeRow", "record", "sessionRow", "text", "usage",
    ]

    /// Digests.
    static let digests: Set<String> = [
        "fcb94f0655f286c0ee12f3f357739b58",  // index denialBySharedEvent, version 5 to 8
        "33317ab0c0ab16bfd65bbba6119e94a1",  // index identityByHash, version 1 to 8
        "efa7917feb5aba64300ea600ec965f20",  // index ingestIssueOfNoLogFile, version 2 to 8
        "40ca2ab7b7b4fbff962bd128c4097ece",  // index logFileByPath, version 1 to 8
        "6e32b7b25a13bf66fc3390852ef657c7",  // index logFileBySHA256, version 1 to 8
        "49c82d6da6216ab49cb441a480173b61",  // index namelessEvent, version 8
        "69f12faffc9cc4da4aea8d12722a8f52",  // index operationByName, version 8
        "08e7f88faa75926d852674a10c4e5ced",  // index successOfReportedService, version 3 to 4
        "b20b1761ba553de13e01d2aef8bfbaf5",  // index successOfReportedService, version 5 to 8
        "44b5e1158e133dbdc444fd9effb60cbf",  // index unrecognisedDenialGroup, version 6 to 8
        "0be1fbbbbfcdd9c39c026286e31fd277",  // index untoldEvent, version 8
        "90c7fba3f561b7a18af27b7e999c8ba1",  // index unwordedDenial, version 8
        "d16fbe61a2c3854876f338089d0e83a6",  // table activity, version 1 to 8
        "2a3c61bad1d610003a4c0439137e26e5",  // table changeName, version 6 to 8
        "603318f4701e37381c9b434b6732b1c6",  // table correction, version 4 to 8
        "b3d1389b4267c6b537a5eec45c1b7d1e",  // table denialGroupRow, version 1 to 8
        "6b8429797e2585d2be9789006ca3c3b5",  // table denialHistory, version 2 to 8
        "448b82b9d749bb6ca6e05904a16ddeda",  // table denialRow, version 1 to 4
        "e525273ed8c905a66fbfe3f1549b9aa3",  // table denialRow, version 5 to 8
        "114efdc609de0cdbd6ffd9a020ef1b82",  // table eventRow, version 1 to 4
        "18fbcfdcf85743081aacc8a0acbce079",  // table eventRow, version 5 to 8
        "09bdbb1ebd5959ae83e1eef1963ec826",  // table identity, version 1 to 8
        "204fb8222f02c862843cc4ef070df69c",  // table ingestIssue, version 1 to 8
        "c98089e1df53a183f20c1434837fa9e4",  // table logFile, version 1 to 2
        "73d0c59ca0ba2b621257c42acb2437d6",  // table logFile, version 2 to 8
        "fa76abafdfb6c3ed1b318f8d6b997f3b",  // table operation, version 1 to 8
        "efbfe86cb2c3abea76865c402c131ee3",  // table otherFile, version 8
        "18d4bd561ea700da8507ee52ab464244",  // table partialEvent, version 8
        "904d667ea7f0e1fa13c8e3ec89927a39",  // table permissionChangeRow, version 1 to 8
        "e736aaadc851fde96fe03b12123a64da",  // table prunedOperation, version 7 to 8
        "e5d96a16be6012e4d5cdb77808c69211",  // table pruning, version 2 to 8
        "d2230204ecb7567cc595049cd47698b6",  // table record, version 1 to 8
        "e2b536ed532ac80955152e6b3e5c2cdb",  // table recordBlock, version 3 to 8
        "8048a88832d33b6ecc51030d65862e25",  // table recordPlace, version 3 to 8
        "fb608dda01cb58ae4ba4e5e8df3641be",  // table reportState, version 2 to 8
        "cd2efe39e9823ce36c68969979542a1d",  // table sessionRow, version 1 to 6
        "031760cddec1c7161ba895868d7de386",  // table sessionRow, version 6 to 8
        "b0b7ecd868ca058219b1fe5536da5816",  // table text, version 1 to 8
        "b8ca87462de5b41154b13a661d537f8c",  // table usage, version 1 to 8
        "d3473963e46a8b2441cf45e72208e9cf",  // table verification, version 8
        "553813393f9fe75dc40b57df951e67bf",  // view denial, version 1 to 4
        "8b55816aca7b72765cb77be3d855621a",  // view denial, version 5 to 8
        "926372cdc23d973a3513b8b9e77da72e",  // view denialGroup, version 1
        "40480443488cf664fb981571ec69236f",  // view denialGroup, version 2 to 4
        "73a3d2f8d6e9e441ec8cfb334fdaefb1",  // view denialGroup, version 5 to 6
        "3e4001bbbc231b02067824dab13266fe",  // view denialGroup, version 6 to 8
        "ea71d20ad4d931a216fbe110b80c7e44",  // view denialTally, version 6 to 8
        "8dbdeb5c6a2f1b1ad3f2968b90117c58",  // view event, version 1 to 7
        "d8267d95a28269efd21708407c95f10e",  // view event, version 8
        "6e7b87eee054675d3afeb493e1b4d0f2",  // view permissionChange, version 1 to 8
        "38fbdcbf7b5a489d1894afc0e6d4171e",  // view session, version 1 to 8
    ]
}
