// Package recorded returns what the caller of a recorded exchange with Bedrock
// Runtime got: the neutral answer, or the error. It is decoded by the code that
// decoded it when it was recorded, a model of package bedrock whose every
// request is answered with the exchange.
package recorded
