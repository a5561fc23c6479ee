package model

// Info says which model it is.
type Info struct {
	// Provider is who serves it, such as "bedrock".
	Provider string

	// Model is the model as it was asked for: an id, a profile, an ARN.
	Model string

	// BaseModel is the provider's id of the model behind Model, which may be
	// the same. Empty if the provider does not know it, or not yet.
	BaseModel string

	// API is which of the provider's interfaces is used, in its own words,
	// such as "converse". Empty if it has one only.
	API string
}

// stream returns what a stream is labelled with.
func (i Info) stream() StreamInfo { return StreamInfo{Provider: i.Provider, Model: i.Model} }

// An InfoReporter is a ChatModel that knows which one it is. Callers use
// [InfoOf].
type InfoReporter interface {
	Info() Info
}

// InfoOf returns which model m is, and whether it says. It looks through
// middleware; a chain of fallbacks is its first model.
func InfoOf(m ChatModel) (Info, bool) {
	r, ok := find[InfoReporter](m)
	if !ok {
		return Info{}, false
	}
	return r.Info(), true
}
