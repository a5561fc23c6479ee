package runnable

import "fmt"

// A PanicError is a panic on a goroutine that a step had started.
//
// [Parallel], [Join], [Map] and [Batch] end their other branches, wait for
// them, and panic with it on the goroutine that called them, where the panic
// would have been had the branches run one after the other. In a tool, where a
// model's odd input may well be the reason, it is an error: the model is told
// that the tool failed, and [ToolSetOptions.OnError] sees it.
type PanicError struct {
	Value any    // what was panicked with
	Stack []byte // of the goroutine that panicked
}

// Error returns the value and the stack.
func (e *PanicError) Error() string {
	return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack)
}

// Unwrap returns the value if that is an error, and nil otherwise.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}
