package local

import (
	"log/slog"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

// Options configure a [Server]. The zero value, and nil, echo the user's text
// and enforce every rule.
type Options struct {
	// Bedrock configures the server of every world. Its Fault, Logged, Now,
	// Keep and Load must not be set: each world has its own.
	Bedrock *bedrocktest.Options

	// Answers is the path of a document of answers, which is read again when it
	// has changed. Empty means none.
	Answers string

	// Recordings is the folder of the recordings that answers may come from.
	// Empty means the folder of Answers, if that is set, and none otherwise.
	Recordings string

	// Model, if not nil, answers the requests that no answer fits. The server
	// does not echo then.
	Model model.ChatModel

	// Upstream, if not nil, is a Bedrock that answers in place of this one.
	// Record is the folder that the exchanges are recorded to.
	Upstream *Upstream
	Record   string

	// Replay, if not empty, is a folder of recordings that answer in place of
	// this server.
	Replay string

	// Load is the path of a document of quotas and times for every world; see
	// control.md. Empty means none.
	Load string

	// Log, if not nil, gets a record for every call, without headers and
	// bodies.
	Log *slog.Logger

	// Explain logs every rule that a refused call breaks, instead of only the
	// first.
	Explain bool

	// Loopback refuses requests whose Host or Origin is not this machine's,
	// such as those that a page in a browser sends.
	Loopback bool

	// Keep is the number of calls that a world remembers, the latest ones. Zero
	// means 1000.
	Keep int

	// MaxWorlds limits the worlds. Zero means 1000.
	MaxWorlds int
}

// The defaults of Options.
const (
	defaultKeep      = 1000
	defaultMaxWorlds = 1000
)

// settled returns a copy with its defaults filled in.
func (o *Options) settled() Options {
	var s Options
	if o != nil {
		s = *o
	}
	if s.Keep <= 0 {
		s.Keep = defaultKeep
	}
	if s.MaxWorlds <= 0 {
		s.MaxWorlds = defaultMaxWorlds
	}
	if s.Log == nil {
		s.Log = slog.New(slog.DiscardHandler)
	}
	return s
}
