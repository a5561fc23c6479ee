package runnable

import (
	"fmt"
	"iter"
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

	// beside holds the errors of other branches of a concurrent step that have
	// conversations in them, for [LoopErrors]. Their paths grow with Step. They
	// are no causes: errors.Is and errors.As do not find them.
	beside []*StepError
}

// Error returns the path and the cause.
func (e *StepError) Error() string { return e.Step + ": " + e.Err.Error() }

// Unwrap returns the cause.
func (e *StepError) Unwrap() error { return e.Err }

// within says that err happened in the step of the given name.
func within(name string, err error) error {
	if e, ok := err.(*StepError); ok { // only the outermost is a path to go on with
		return e.moved(func(path string) string { return join(name, path) })
	}
	return &StepError{Step: name, Err: err}
}

// moved returns the error with its path, and those of the errors beside it,
// changed, and without a position.
func (e *StepError) moved(change func(path string) string) *StepError {
	m := &StepError{Step: change(e.Step), Err: e.Err}
	for _, b := range e.beside {
		m.beside = append(m.beside, b.moved(change))
	}
	return m
}

// caused returns the error with another cause.
func (e *StepError) caused(err error) *StepError {
	c := *e
	c.Err = err
	return &c
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
	m := e.moved(func(path string) string {
		return positionName(position) + strings.TrimPrefix(path, positionName(e.position))
	})
	m.position = position
	return m
}

// positionName is the name in errors of an unnamed step of a pipe, from 1.
func positionName(position int) string { return "step " + strconv.Itoa(position) }

// indexName is the name in errors and events of one of several branches, from
// 0.
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

// LoopErrors yields the errors of all tool loops that an error of a chain has
// interrupted, with the paths of the steps that failed in them. Where tool
// loops run at the same time, one error or one break interrupts all of them:
// errors.As finds the [ToolLoopError] of the first, LoopErrors those of the
// others, too, in the order of the branches, so that no conversation is lost.
// The first one comes first. A loop that had finished is not among them.
//
// An agent that is a tool of an interrupted loop is among them, behind that
// loop, if the tool returns the agent's error or one that wraps it. Where the
// outer loop goes on after a tool has failed, the model is told the error, and
// the agent's conversation is the tool's own to keep.
//
//	_, err := runnable.Parallel(agents...).Invoke(ctx, request)
//	for path, e := range runnable.LoopErrors(err) {
//		store(path, e.Conversation)
//	}
func LoopErrors(err error) iter.Seq2[string, *ToolLoopError] {
	return func(yield func(string, *ToolLoopError) bool) { eachLoop("", err, yield) }
}

// eachLoop reports whether yield wants more.
func eachLoop(path string, err error, yield func(string, *ToolLoopError) bool) bool {
	switch e := err.(type) {
	case *StepError:
		if !eachLoop(join(path, e.Step), e.Err, yield) {
			return false
		}
		for _, b := range e.beside {
			if !eachLoop(path, b, yield) {
				return false
			}
		}
	case *ToolLoopError:
		return yield(path, e) && eachLoop(path, e.Err, yield)
	case interface{ Unwrap() error }:
		return eachLoop(path, e.Unwrap(), yield)
	case interface{ Unwrap() []error }:
		for _, inner := range e.Unwrap() {
			if !eachLoop(path, inner, yield) {
				return false
			}
		}
	}
	return true
}

// hasLoop reports whether a conversation would be lost with err.
func hasLoop(err error) bool {
	for range LoopErrors(err) {
		return true
	}
	return false
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
