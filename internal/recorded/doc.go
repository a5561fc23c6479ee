// Package recorded tells what a recorded exchange with Bedrock Runtime was to
// its caller: the neutral answer, or the error. It is decoded by the code that
// decoded it when it was recorded, a model of package bedrock whose every
// request is answered with the exchange.
package recorded
