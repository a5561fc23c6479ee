// Package errors holds the cases about failures that callers can act on.
package errors

import (
	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
)

// Cases returns the cases of the group in the order in which they run.
func Cases() []probe.Case {
	kinds := []probe.Capability{probe.ErrorKinds}
	inStream := []probe.Capability{probe.StreamErrorKinds}
	return []probe.Case{
		{ID: "ERR-01", Name: "Typed", Check: errorTyped,
			Rule: "a failed call returns an *Error that says who failed, doing what, for which model"},
		{ID: "ERR-02", Name: "Kinds", Check: errorKinds, Needs: kinds,
			Rule: "every kind of failure that the provider tells apart arrives as that kind, both ways"},
		{ID: "ERR-03", Name: "KindAndIsAgree", Check: kindAndIsAgree, Needs: kinds,
			Rule: "errors.Is, KindOf and Retryable agree on what an error is, and it is of one kind only"},
		{ID: "ERR-04", Name: "Message", Check: errorMessage, Needs: kinds,
			Rule: "an error says in words what the provider said"},
		{ID: "ERR-05", Name: "RetryAfter", Check: errorRetryAfter, Needs: append([]probe.Capability{probe.RetryAfter}, kinds...),
			Rule: "the provider's advice how long to wait is in the error, and none if it gave none"},
		{ID: "ERR-06", Name: "NoAnswerWithError", Check: noAnswerWithError, Needs: kinds,
			Rule: "Generate returns an answer or an error, never both, and never neither"},
		{ID: "ERR-07", Name: "AskedOnce", Check: askedOnce, Needs: kinds,
			Rule: "a model that was told not to retry asks its provider once"},
		{ID: "ERR-08", Name: "NextCallWorks", Check: nextCallWorks, Needs: kinds,
			Rule: "a failure is that call's: the next one works"},
		{ID: "ERR-09", Name: "NothingArrived", Check: nothingArrived, Needs: kinds,
			Rule: "an error before anything has arrived has no Partial, and a stream of it no events"},
		{ID: "ERR-10", Name: "UnknownFailure", Check: unknownFailure,
			Rule: "a failure that fits no kind is an error all the same"},
		{ID: "ERR-11", Name: "TimeoutIsNotTheCallers", Check: timeoutIsNotTheCallers, Needs: kinds,
			Rule: "a provider that took too long is no context that ended"},
		{ID: "ERR-12", Name: "InStream", Check: errorInStream, Needs: inStream,
			Rule: "a failure in the middle of a stream ends it with an error of its kind"},
		{ID: "ERR-13", Name: "InStreamKeepsPieces", Check: inStreamKeepsPieces, Needs: inStream,
			Rule: "what had arrived before a failure is handed on, is in Error.Partial, and is told by Response"},
		{ID: "ERR-14", Name: "InStreamAskedOnce", Check: inStreamAskedOnce, Needs: inStream,
			Rule: "a stream that has begun is never asked for again"},
		{ID: "ERR-15", Name: "InStreamReleases", Check: inStreamReleases, Needs: inStream,
			Rule: "a failed stream holds nothing"},
		{ID: "ERR-16", Name: "ErrorIsLast", Check: errorIsLast, Needs: inStream,
			Rule: "an error is yielded last, with a zero event; nothing follows it, no finish either"},
		{ID: "ERR-17", Name: "GenerateBrokenOff", Check: generateBrokenOff, Needs: inStream,
			Rule: "Generate of an answer that breaks off fails, and does not pass the beginning off as the answer"},
		{ID: "ERR-18", Name: "PartialIsIncomplete", Check: partialIsIncomplete, Needs: []probe.Capability{probe.StreamErrorKinds, probe.SignedThinking},
			Rule: "parts in Error.Partial whose end was not seen say so"},
		{ID: "ERR-19", Name: "NoSecrets", Check: noSecrets,
			Rule: "no error holds a credential or the words of the conversation"},
		{ID: "ERR-20", Name: "RequestIDInError", Check: requestIDInError, Needs: append([]probe.Capability{probe.RequestIDs}, kinds...),
			Rule: "an error of the provider's carries its id of the call"},
		{ID: "ERR-21", Name: "RefusalIsLabelled", Check: refusalIsLabelled,
			Rule: "the error of a request that is not sent is labelled like all others"},
		{ID: "ERR-22", Name: "StopIsNoError", Check: stopIsNoError,
			Rule: "an answer that a limit or a filter ended is an answer: what was said is there and no error"},
		{ID: "ERR-23", Name: "ErrorsAreTheCallers", Check: errorsAreTheCallers, Needs: kinds,
			Rule: "errors of two calls are two values: changing one changes no other"},
		{ID: "ERR-24", Name: "InStreamRequestID", Check: inStreamRequestID, Needs: []probe.Capability{probe.RequestIDs, probe.StreamErrorKinds},
			Rule: "a failure in the middle of a stream carries the provider's id of the call"},
		{ID: "ERR-25", Name: "CodeAndStatus", Check: errorCodes, Needs: []probe.Capability{probe.ErrorCodes, probe.ErrorKinds},
			Rule: "an error carries the provider's own code and status, its code in mid-stream too"},
		{ID: "ERR-26", Name: "WordsAreNoKinds", Check: wordsAreNoKinds, Needs: []probe.Capability{probe.ErrorKinds},
			Rule: "the kind of an error does not follow words that its message quotes, and a provider's failure is no context that ended"},
		{ID: "ERR-27", Name: "CutCarriesRequestID", Check: cutCarriesRequestID, Needs: []probe.Capability{probe.RequestIDs, probe.Streaming},
			Rule: "a stream that was cut or cancelled carries the provider's id of the call"},
		{ID: "ERR-28", Name: "BodiesClosed", Check: bodiesClosed, Needs: []probe.Capability{probe.HTTP},
			Rule: "no call leaves a body open, however it ends"},
		{ID: "ERR-29", Name: "CutAtBytes", Check: cutAtBytes, Needs: []probe.Capability{probe.HTTP},
			Rule: "an answer that breaks off at any byte does not pass for the whole, nor its usage for another"},
	}
}
