// Package fake provides a chat model for tests that plays a script.
//
//	m := fake.New(fake.Text("hello"))
//
// One script drives Generate and Stream. See [Turn] for what a script is made
// of, and [Model] for what it remembers of the calls.
package fake
