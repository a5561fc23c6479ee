package probe

// An ID names a case for ever, such as "THK-06". Gaps are declared by it.
type ID string

// A Case is one rule that every model keeps, and the check that shows it.
type Case struct {
	ID    ID
	Group string // the file and the subtest it is in, such as "thinking"
	Name  string // of its subtest, such as "SignatureRoundTrip"
	Rule  string // in words

	// Needs lists what a subject must claim for the case to apply.
	Needs []Capability

	// Unless, if not empty, is a capability that the case is about the lack
	// of: it applies to subjects that do not claim it.
	Unless Capability

	Check    func(*Probe)
	Recorded bool // the case runs on recorded and live conversations, not on a script
}
