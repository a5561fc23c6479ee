package runnable

import (
	"fmt"
	"strconv"
	"strings"
)

// A StepError says which step failed. Its cause, such as a [model.Error], stays
// reachable by errors.Is and errors.As.
type StepError struct {
	// Step is the path of the step, outermost first, such as "translate/model".
	// [Named] names a step; the steps of this package that talk to models have
	// names of their own. In a [Pipe], a step without a name counts as "step
	// 3". The items of [Map], [Batch], [Parallel] and [Join] have their index,
	// as in "summaries[2]/model".
	Step string

	// Err is the cause, never nil and never a *StepError itself.
	Err error

	// position is that of a step without a name in its pipe, from 1, which
	// Step begins with. It grows when the pipe becomes a part of another.
	position int
}

// Error returns the path and the cause.
func (e *StepError) Error() string { return e.Step + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// within says that err happened in the step of the given name.
func within(name string, err error) error {
	if e, ok := err.(*StepError); ok { // only the outermost is a path to go on with
		return &StepError{Step: join(name, e.Step), Err: e.Err}
	}
	return &StepError{Step: name, Err: err}
}

// at says that err happened in the step at a position of a pipe.
func at(position int, err error) error {
	e := within(positionName(position), err).(*StepError)
	e.position = position
	return e
}

// shifted moves an error's position, if it has one, for a pipe that has
// become a part of another.
func shifted(by int, err error) error {
	e, ok := err.(*StepError)
	if !ok || e.position == 0 {
		return err
	}
	position := e.position + by
	rest := strings.TrimPrefix(e.Step, positionName(e.position))
	return &StepError{Step: positionName(position) + rest, Err: e.Err, position: position}
}

func positionName(position int) string { return "step " + strconv.Itoa(position) }

func indexName(i int) string { return "[" + strconv.Itoa(i) + "]" }

// join puts two paths together: a/b, but a[0].
func join(outer, inner string) string {
	switch {
	case outer == "":
		return inner
	case inner == "":
		return outer
	case inner[0] == '[':
		return outer + inner
	}
	return outer + "/" + inner
}

// A PanicError is a panic on a goroutine that a step had started.
//
// [Parallel], [Join], [Map] and [Batch] cancel their other branches, wait for
// them, and panic with it on the goroutine that called them. That is where the
// panic would occur if the branches ran one after the other. In a tool, where a
// model's odd input may be the cause, it is an error: the model learns that the
// tool failed, and [ToolSetOptions.OnError] receives it.
type PanicError struct {
	Value any    // the value passed to panic
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
