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
			Rule: "no event is yielded once the context has ended, even if it has arrived already"},
		{ID: "CAN-06", Name: "KeepsPieces", Check: cancelKeepsPieces, Needs: []probe.Capability{probe.Streaming},
			Rule: "the error of a cancelled stream has the part that had arrived, and no usage that was not reported"},
		{ID: "CAN-07", Name: "DeadlineIsNotCancel", Check: deadlineIsNotCancel,
			Rule: "the error of a passed deadline is only ErrDeadline and context.DeadlineExceeded, that of a cancelled context only ErrCanceled and context.Canceled"},
		{ID: "CAN-08", Name: "Cause", Check: cancelCause,
			Rule: "errors.Is finds the cause with which a context was cancelled"},
		{ID: "CAN-09", Name: "Releases", Check: cancelReleases,
			Rule: "a cancelled call holds nothing, and leaves no goroutine behind"},
		{ID: "CAN-10", Name: "AfterTheEnd", Check: cancelAfterEnd,
			Rule: "a context that ends after the answer changes nothing about it"},
		{ID: "CAN-11", Name: "OneOfTwo", Check: cancelOneOfTwo,
			Rule: "a context that ends only ends its own call"},
		{ID: "CAN-12", Name: "NotRetryable", Check: cancelNotRetryable,
			Rule: "the error of a cancelled call is not retryable, and is labelled like all errors"},
		{ID: "CAN-13", Name: "DeadlineMidStream", Check: deadlineMidStream, Needs: []probe.Capability{probe.Streaming},
			Rule: "a deadline ends a stream when it passes, not when the answer does"},
		{ID: "CAN-14", Name: "InvalidRequestStillInvalid", Check: doneContextNeverPanics,
			Rule: "a nil request with a context that has ended is an error, not a panic, and nothing is sent"},
		{ID: "CAN-15", Name: "CauseOfDeadline", Check: causeOfDeadline,
			Rule: "errors.Is finds the cause of a deadline"},
		{ID: "CAN-16", Name: "LeavesNothing", Check: leavesNothing,
			Rule: "a call that is over leaves no goroutine behind, even if its context has not ended"},
	}
}
