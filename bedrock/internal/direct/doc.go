// Package direct sends requests to where they are addressed and nowhere else.
// A redirect goes to wherever a response says, with the session token among its
// headers, and whoever is there may answer in the service's place. HTTP clients
// differ in what they follow:
//
//   - that of net/http follows everything, unless it is told otherwise;
//   - the SDK's follows 307 and 308, as long as the body can be sent again;
//   - one of another type may do anything, so that it only shows afterwards who
//     has answered.
package direct
