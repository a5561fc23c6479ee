package bedrocktest

import (
	"cmp"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
)

// Options configure a [Handler] or [Server]. The zero value, and nil, enforce
// every rule and allow every id that has the form of a model id.
type Options struct {
	// Off names rules that are not enforced; [Rules] lists all rules. With an
	// unknown name the server refuses every call and says why.
	Off []Rule

	// Lenient turns off all rules except those about authentication.
	Lenient bool

	// Models are further model ids that exist. Ids of known makers and ARNs of
	// Bedrock always exist. The ids may have any form.
	Models []string

	// Denied are model ids that the caller has no access to.
	Denied []string

	// Retired are model ids that have reached the end of their life.
	Retired []string

	// Credentials maps access key ids to secret keys. The server verifies
	// signatures made with these keys and refuses those made with others. Nil
	// means [AccessKeyID] with [SecretAccessKey]; of signatures made with other
	// keys the server then checks only the form. The server ignores session
	// tokens.
	Credentials map[string]string

	// BearerTokens are the API keys that are accepted. Nil accepts any.
	BearerTokens []string

	// Date is the day for which rules and models hold. Zero means the date of
	// the server's own table, which is in RULES.md. The clock is not used.
	Date time.Time

	// Play maps model ids to the rows of the server's table that play them,
	// such as "anthropic.claude-opus-6": "anthropic.claude-opus-5". A key is an
	// id as it is called, or without its geography. Other ids are played by
	// their own row, else by the newest row of their line, else by the newest
	// of their maker. With an unknown row the server refuses every call and
	// says why.
	Play map[string]string

	// Traits override properties of all models, for tests of a model that
	// differs from the server's table: "NoTemperature": true, "MaxOutput":
	// 4096, "Thinking.Efforts": []string{"low"}, "Media": []string{"image"}.
	// Values are of type bool, int, string or []string. With an unknown name or
	// value the server refuses every call and lists the valid ones.
	Traits map[string]any

	// Wording varies the texts of refusals: the words around a model's own
	// text, quotation marks, and the names of fields. Each number selects one
	// combination of the wordings that the service was seen to use. Zero
	// selects the usual one.
	Wording uint64

	// KeepSignatures sends the thinking of the model behind the server
	// unchanged, with or without a signature, and accepts it back. Otherwise
	// the server does what the service does: it signs Claude's thinking,
	// encrypts GPT's, and omits the signatures of other families.
	KeepSignatures bool

	// Key is the key with which the server signs thinking. Equal keys give
	// equal signatures. Nil means a fixed key.
	Key []byte

	// Now is the clock of the prompt cache. Nil means time.Now, which is
	// virtual in a testing/synctest bubble. Signatures and the Date header
	// always use time.Now.
	Now func() time.Time

	// Fault, if not nil, returns the fault for a call that has no injected one.
	// It must be safe for concurrent use. The zero Fault does nothing.
	Fault func(Call) Fault

	// Logged, if not nil, is called with every call after it was answered.
	// These calls of Logged do not overlap.
	Logged func(Call)

	// Keep is the number of calls to remember, the latest ones. Zero means all,
	// a negative number none.
	Keep int

	// MaxBody limits the body of a request, in bytes.
	// Zero means 25,000,000, which is the service's limit.
	MaxBody int64

	// MaxBodies limits the total size, in bytes, of the bodies that are
	// arriving. When it is reached, the body that has been arriving for the
	// longest time is given up. Zero means 256 MiB; values below MaxBody mean
	// MaxBody.
	MaxBodies int64

	// BodyTimeout is the time that a body may take to arrive. Zero means a
	// minute; a negative number means no limit. It needs a server with read
	// deadlines, such as net/http's.
	BodyTimeout time.Duration

	// MaxCalls limits the calls that are being answered at one time. Further
	// calls are refused because there are too many connections. A call counts
	// from the time its body has arrived. Zero means 1000.
	MaxCalls int

	// Load, if not nil, limits calls by quotas and makes them take time.
	// Several handlers may share one.
	Load *load.World
}

// The defaults of Options.
const (
	defaultMaxBody     = 25_000_000
	defaultMaxBodies   = 256 << 20
	defaultBodyTimeout = time.Minute
	defaultMaxCalls    = 1000
)

// The credentials that a [Server]'s clients sign with.
const (
	AccessKeyID     = "bedrocktest-access-key"
	SecretAccessKey = "bedrocktest-secret-key"
	Region          = "us-east-1"
)

// settled returns a copy with its defaults filled in.
func (o *Options) settled() Options {
	var s Options
	if o != nil {
		s = *o
	}
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.MaxBody <= 0 {
		s.MaxBody = defaultMaxBody
	}
	if s.MaxBodies <= 0 {
		s.MaxBodies = defaultMaxBodies
	}
	s.MaxBodies = max(s.MaxBodies, s.MaxBody+1)
	s.BodyTimeout = cmp.Or(s.BodyTimeout, defaultBodyTimeout)
	if s.MaxCalls <= 0 {
		s.MaxCalls = defaultMaxCalls
	}
	return s
}
