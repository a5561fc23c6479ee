package bedrocktest

import "crypto/tls"

// inMemory is what requests in memory that are meant to be encrypted say of
// their connection.
var inMemory = &tls.ConnectionState{Version: tls.VersionTLS13, HandshakeComplete: true}
