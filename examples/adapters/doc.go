// Package adapters joins this library and others for Go, in packages below it:
// other libraries as chat models, held against package conformance with the
// faults that they are known to have, and chat models of this library as models
// of theirs, so that their users can run on package bedrock and test with package
// fake.
package adapters
