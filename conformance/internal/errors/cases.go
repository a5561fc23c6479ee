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
			Rule: "a failed call returns an *Error with the provider, the operation and the model"},
		{ID: "ERR-02", Name: "Kinds", Check: errorKinds, Needs: kinds,
			Rule: "every kind of failure that the provider distinguishes arrives as that kind, by Generate and Stream"},
		{ID: "ERR-03", Name: "KindAndIsAgree", Check: kindAndIsAgree, Needs: kinds,
			Rule: "errors.Is, KindOf and Retryable agree on the kind of an error, and it has only one"},
		{ID: "ERR-04", Name: "Message", Check: errorMessage, Needs: kinds,
			Rule: "the text of an error contains the provider's message"},
		{ID: "ERR-05", Name: "RetryAfter", Check: errorRetryAfter, Needs: append([]probe.Capability{probe.RetryAfter}, kinds...),
			Rule: "the error has the provider's advice on how long to wait, and none if the provider gave none"},
		{ID: "ERR-06", Name: "NoAnswerWithError", Check: noAnswerWithError, Needs: kinds,
			Rule: "Generate returns an answer or an error, never both, and never neither"},
		{ID: "ERR-07", Name: "AskedOnce", Check: askedOnce, Needs: kinds,
			Rule: "a model that is configured not to retry calls its provider once"},
		{ID: "ERR-08", Name: "NextCallWorks", Check: nextCallWorks, Needs: kinds,
			Rule: "a failure affects only its own call: the next one works"},
		{ID: "ERR-09", Name: "NothingArrived", Check: nothingArrived, Needs: kinds,
			Rule: "an error before anything has arrived has no Partial, and its stream has no events"},
		{ID: "ERR-10", Name: "UnknownFailure", Check: unknownFailure,
			Rule: "a failure that fits no kind is an error too"},
		{ID: "ERR-11", Name: "TimeoutIsNotTheCallers", Check: timeoutIsNotTheCallers, Needs: kinds,
			Rule: "the error of a provider that took too long is not that of a context"},
		{ID: "ERR-12", Name: "InStream", Check: errorInStream, Needs: inStream,
			Rule: "a failure in the middle of a stream ends it with an error of its kind"},
		{ID: "ERR-13", Name: "InStreamKeepsPieces", Check: inStreamKeepsPieces, Needs: inStream,
			Rule: "the part that arrived before a failure is yielded, is in Error.Partial, and is returned by Response"},
		{ID: "ERR-14", Name: "InStreamAskedOnce", Check: inStreamAskedOnce, Needs: inStream,
			Rule: "a stream that has begun is never requested again"},
		{ID: "ERR-15", Name: "InStreamReleases", Check: inStreamReleases, Needs: inStream,
			Rule: "a failed stream holds nothing"},
		{ID: "ERR-16", Name: "ErrorIsLast", Check: errorIsLast, Needs: inStream,
			Rule: "an error is yielded last, with a zero event; nothing follows it, not even a finish"},
		{ID: "ERR-17", Name: "GenerateBrokenOff", Check: generateBrokenOff, Needs: inStream,
			Rule: "Generate of an answer that breaks off fails, and does not return the beginning as the answer"},
		{ID: "ERR-18", Name: "PartialIsIncomplete", Check: partialIsIncomplete, Needs: []probe.Capability{probe.StreamErrorKinds, probe.SignedThinking},
			Rule: "parts in Error.Partial whose end was not seen are marked as incomplete"},
		{ID: "ERR-19", Name: "NoSecrets", Check: noSecrets,
			Rule: "no error contains a credential or the words of the conversation"},
		{ID: "ERR-20", Name: "RequestIDInError", Check: requestIDInError, Needs: append([]probe.Capability{probe.RequestIDs}, kinds...),
			Rule: "an error of the provider has its id of the call"},
		{ID: "ERR-21", Name: "RefusalIsLabelled", Check: refusalIsLabelled,
			Rule: "the error of a request that is not sent is labelled like all others"},
		{ID: "ERR-22", Name: "StopIsNoError", Check: stopIsNoError,
			Rule: "an answer that a limit or a filter ended is an answer with its text, not an error"},
		{ID: "ERR-23", Name: "ErrorsAreTheCallers", Check: errorsAreTheCallers, Needs: kinds,
			Rule: "errors of two calls are two values: changing one does not change the other"},
		{ID: "ERR-24", Name: "InStreamRequestID", Check: inStreamRequestID, Needs: []probe.Capability{probe.RequestIDs, probe.StreamErrorKinds},
			Rule: "a failure in the middle of a stream has the provider's id of the call"},
		{ID: "ERR-25", Name: "CodeAndStatus", Check: errorCodes, Needs: []probe.Capability{probe.ErrorCodes, probe.ErrorKinds},
			Rule: "an error has the provider's own code and status, and its code even in the middle of a stream"},
		{ID: "ERR-26", Name: "WordsAreNoKinds", Check: wordsAreNoKinds, Needs: []probe.Capability{probe.ErrorKinds},
			Rule: "words that its message quotes do not decide the kind of an error, and a provider's failure is not the error of a context"},
		{ID: "ERR-27", Name: "CutCarriesRequestID", Check: cutCarriesRequestID, Needs: []probe.Capability{probe.RequestIDs, probe.Streaming},
			Rule: "the error of a stream that was cut or cancelled has the provider's id of the call"},
		{ID: "ERR-28", Name: "BodiesClosed", Check: bodiesClosed, Needs: []probe.Capability{probe.HTTP},
			Rule: "no call leaves a body open, however it ends"},
		{ID: "ERR-29", Name: "CutAtBytes", Check: cutAtBytes, Needs: []probe.Capability{probe.HTTP},
			Rule: "an answer that breaks off at any byte does not pass for the whole answer, and its usage is not wrong"},
	}
}
