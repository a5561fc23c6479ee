package probe

// An ID is the permanent name of a case, such as "THK-06". Gaps are declared by
// it.
type ID string

// A Case is one rule that every model keeps, and the check for it.
type Case struct {
	ID    ID
	Group string // its file and subtest, such as "thinking"
	Name  string // the name of its subtest, such as "SignatureRoundTrip"
	Rule  string // the rule in words

	// Needs lists the capabilities that a subject must claim for the case to
	// apply.
	Needs []Capability

	// Unless, if not empty, is a capability whose absence the case is about:
	// the case applies to subjects that do not claim it.
	Unless Capability

	Check    func(*Probe)
	Recorded bool // the case runs on recorded and live conversations, not on a script
}
