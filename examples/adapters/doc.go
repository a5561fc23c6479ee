// Package adapters is the parent of adapters between this library and others
// for Go. They make other libraries chat models, and check these against
// package conformance with a list of their known faults. They also make chat
// models of this library models of the others, so that their users can call
// package bedrock and test with package fake.
package adapters
