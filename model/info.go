package model

import "slices"

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

// Limits are a model's limits, as far as its provider knows them. Zero and nil
// mean not known; a slice that is empty but not nil means none.
type Limits struct {
	Context   int // the longest prompt and answer together, in tokens
	MaxOutput int // the longest answer in tokens, thinking included

	// The media types that are accepted, such as "image/png".
	ImageTypes    []string
	DocumentTypes []string
	VideoTypes    []string
	AudioTypes    []string

	// Efforts are the words that [ThinkingConfig.Effort] may be, from the
	// least to the most.
	Efforts []string
}

// A LimitReporter is a ChatModel that knows its [Limits]. The result belongs
// to the caller. Callers use [LimitsOf].
type LimitReporter interface {
	Limits() Limits
}

// LimitsOf returns what m says of its limits, and whether it says anything. It
// looks through middleware; the limits of a chain of fallbacks are those that
// a request must keep to be taken by every model of it.
func LimitsOf(m ChatModel) (Limits, bool) {
	r, ok := find[LimitReporter](m)
	if !ok {
		return Limits{}, false
	}
	return r.Limits(), true
}

// and returns what a request must keep for both: the lower number, and what
// both lists have. What one of the two does not know is not known.
func (l Limits) and(m Limits) Limits {
	return Limits{
		Context:       min(l.Context, m.Context), // zero, not known, is the lowest
		MaxOutput:     min(l.MaxOutput, m.MaxOutput),
		ImageTypes:    inBoth(l.ImageTypes, m.ImageTypes),
		DocumentTypes: inBoth(l.DocumentTypes, m.DocumentTypes),
		VideoTypes:    inBoth(l.VideoTypes, m.VideoTypes),
		AudioTypes:    inBoth(l.AudioTypes, m.AudioTypes),
		Efforts:       inBoth(l.Efforts, m.Efforts),
	}
}

// inBoth returns what both lists have, in the order of the first, and nil if
// one of the two is.
func inBoth(a, b []string) []string {
	if a == nil || b == nil {
		return nil
	}
	both := make([]string, 0, min(len(a), len(b)))
	for _, s := range a {
		if slices.Contains(b, s) {
			both = append(both, s)
		}
	}
	return both
}
