// Package cancellation holds the cases about contexts that end.
package cancellation

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	return []probe.Case{
		{ID: "CAN-01", Name: "BeforeTheCall", Check: cancelledBefore,
			Rule: "a call whose context has ended returns the context's error, and nothing is sent"},
		{ID: "CAN-02", Name: "BeforeTheRange", Check: cancelledBeforeRange,
			Rule: "a context that ends between Stream and the loop keeps the request from being sent"},
		{ID: "CAN-03", Name: "DuringTheWait", Check: cancelledDuringWait,
			Rule: "a call that waits for its answer ends when the context does"},
		{ID: "CAN-04", Name: "MidStream", Check: cancelledMidStream, Needs: []probe.Capability{probe.Streaming},
			Rule: "a stream that waits for its next event ends when the context does"},
		{ID: "CAN-05", Name: "BetweenEvents", Check: cancelledBetweenEvents, Needs: []probe.Capability{probe.Streaming},
			Rule: "no event is handed on once the context has ended, were it there already"},
		{ID: "CAN-06", Name: "KeepsPieces", Check: cancelKeepsPieces, Needs: []probe.Capability{probe.Streaming},
			Rule: "the error of a cancelled stream carries what had arrived, and no usage that nobody told"},
		{ID: "CAN-07", Name: "DeadlineIsNotCancel", Check: deadlineIsNotCancel,
			Rule: "a deadline that passes is ErrDeadline and context.DeadlineExceeded, a cancelled context ErrCanceled and context.Canceled; never one for the other"},
		{ID: "CAN-08", Name: "Cause", Check: cancelCause,
			Rule: "the cause that a context was cancelled with is reachable by errors.Is"},
		{ID: "CAN-09", Name: "Releases", Check: cancelReleases,
			Rule: "a cancelled call holds nothing, and leaves no goroutine behind"},
		{ID: "CAN-10", Name: "AfterTheEnd", Check: cancelAfterEnd,
			Rule: "a context that ends after the answer changes nothing about it"},
		{ID: "CAN-11", Name: "OneOfTwo", Check: cancelOneOfTwo,
			Rule: "a context that ends ends its own call only"},
		{ID: "CAN-12", Name: "NotRetryable", Check: cancelNotRetryable,
			Rule: "a call that its caller ended is not worth another one, and is labelled like all errors"},
		{ID: "CAN-13", Name: "DeadlineMidStream", Check: deadlineMidStream, Needs: []probe.Capability{probe.Streaming},
			Rule: "a deadline ends a stream when it passes, not when the answer does"},
		{ID: "CAN-14", Name: "InvalidRequestStillInvalid", Check: doneContextNeverPanics,
			Rule: "a nil request with a context that has ended is an error, not a panic, and nothing is sent"},
		{ID: "CAN-15", Name: "CauseOfDeadline", Check: causeOfDeadline,
			Rule: "the cause of a deadline is reachable by errors.Is"},
		{ID: "CAN-16", Name: "LeavesNothing", Check: leavesNothing,
			Rule: "a call that is over leaves no goroutine behind, though its context lives on"},
	}
}
