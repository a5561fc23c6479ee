package bedrocktest

import (
	"cmp"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/load"
)

// Options adjusts a [Handler] or [Server]. The zero value, and nil, enforce
// every rule and allow every model whose id looks like one.
type Options struct {
	// Off names rules that are not enforced. See [Rules] for all of them. A
	// name that no rule has makes the server refuse every call and say so.
	Off []Rule

	// Lenient enforces none but those of authentication, which Off can name.
	Lenient bool

	// Models are further model ids that exist, in whatever form, next to
	// those of the known providers and all ARNs of Bedrock.
	Models []string

	// Denied are model ids that the caller has no access to.
	Denied []string

	// Retired are model ids that have reached the end of their life.
	Retired []string

	// Credentials maps access key ids to secret keys. Signatures made with one
	// of these are verified; with any other key they are refused. Nil means
	// [AccessKeyID] and [SecretAccessKey], and that signatures of unknown keys
	// are checked for their form only. Temporary credentials' session tokens
	// are not looked at.
	Credentials map[string]string

	// BearerTokens are the API keys that are accepted. Nil accepts any.
	BearerTokens []string

	// Date is the day for which the rules and models hold, where they have
	// changed. Zero means the date of the server's own table, which RULES.md
	// tells; the clock is never asked.
	Date time.Time

	// Play names the rows of the server's table that play model ids, such as
	// "anthropic.claude-opus-6": "anthropic.claude-opus-5". The keys are ids
	// as they are called, or without a geography. Ids that are not named are
	// played by their own row, else by the newest of their line, else by the
	// newest of their maker. A row that the table does not have makes the
	// server refuse every call and say so.
	Play map[string]string

	// Traits change what the models are like, where a test is about a model that
	// is not as the server's table has it: "NoTemperature": true, "MaxOutput":
	// 4096, "Thinking.Efforts": []string{"low"}, "Media": []string{"image"}. All
	// models have them then. The values are of type bool, int, string or
	// []string. A name or a value that there is not makes the server refuse every
	// call and say which there are.
	Traits map[string]any

	// Wording varies what the server says when it refuses: the words around
	// a model's own, quotation marks, and the names of fields. Each number is
	// one set of wordings in which the service was seen to speak. Zero is the
	// usual one.
	Wording uint64

	// KeepSignatures sends the thinking of the model behind the server as it
	// is, with its signature or without, and accepts it back. Otherwise the
	// server signs what Claude thinks itself, encrypts what GPT thinks, and
	// leaves out the signatures of other families, as the service does.
	KeepSignatures bool

	// Key makes the signatures of thinking differ from those of other servers.
	// Equal keys give equal signatures. Nil is a key of its own.
	Key []byte

	// Now is the clock of the prompt cache. Nil means time.Now, which moves
	// with the bubble of testing/synctest. Signatures and the Date header go
	// by time.Now always.
	Now func() time.Time

	// Fault, if not nil, is asked for every call for which no fault was
	// injected. It must be safe for concurrent use. A zero Fault does nothing.
	Fault func(Call) Fault

	// Logged, if not nil, is given every call after it was answered, one at a
	// time.
	Logged func(Call)

	// Keep is how many calls are remembered, the latest ones. Zero means all,
	// a negative number none.
	Keep int

	// MaxBody limits the body of a request, in bytes.
	// Zero means 25,000,000, which is the service's limit.
	MaxBody int64

	// MaxBodies limits the bodies that are arriving at one time, in bytes of
	// them all. When there is no room for more, the body that has been
	// arriving for longest is given up. Zero means 256 MiB; less than MaxBody
	// means MaxBody.
	MaxBodies int64

	// BodyTimeout limits how long a body may take to arrive. Zero means a
	// minute, a negative number no limit. It holds on servers that have
	// deadlines, as net/http's do.
	BodyTimeout time.Duration

	// MaxCalls limits the calls that are being answered at one time; further
	// ones are told that there are too many connections. A call whose body has
	// not arrived is not one of them. Zero means 1000.
	MaxCalls int

	// Load, if not nil, gives the calls quotas and time. Handlers may share
	// one.
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
