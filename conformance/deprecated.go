package conformance

// Names of earlier releases. They will be removed in the next one.

// Turn is what a [Call] was called.
//
// Deprecated: use [Call].
//
//go:fix inline
type Turn = Call

// Grammar is what [CheckEvents] was called.
//
// Deprecated: use [CheckEvents].
//
//go:fix inline
func Grammar(o Observation) error { return CheckEvents(o) }

// Conservation is what [CheckPieces] was called.
//
// Deprecated: use [CheckPieces].
//
//go:fix inline
func Conservation(o Observation) error { return CheckPieces(o) }

// Accounting is what [CheckUsage] was called.
//
// Deprecated: use [CheckUsage].
//
//go:fix inline
func Accounting(o Observation) error { return CheckUsage(o) }

// Provenance is what [CheckThinking] was called.
//
// Deprecated: use [CheckThinking].
//
//go:fix inline
func Provenance(o Observation) error { return CheckThinking(o) }
