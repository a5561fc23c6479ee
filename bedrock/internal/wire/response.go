package wire

import (
	"encoding/json"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// A Response is the body of an answer of Converse.
type Response struct {
	AdditionalModelResponseFields json.RawMessage // a document
	Message                       *Message        // nil if the output is none
	Metadata
	StopReason string
}

// Metadata is what an answer says about itself: in Converse among the other
// members, in ConverseStream in an event of its own.
type Metadata struct {
	Metrics           *Metrics
	PerformanceConfig *PerformanceConfig
	ServiceTier       *ServiceTier
	Trace             json.RawMessage
	Usage             *Usage
}

func (r *Response) fields(c *codec) {
	c.document("additionalModelResponseFields", &r.AdditionalModelResponseFields)
	about(c, "metrics", &r.Metrics, (*Metrics).fields)
	r.output(c)
	about(c, "performanceConfig", &r.PerformanceConfig, (*PerformanceConfig).fields)
	about(c, "serviceTier", &r.ServiceTier, (*ServiceTier).fields)
	c.word("stopReason", &r.StopReason)
	c.document("trace", &r.Trace)
	usage(c, &r.Usage)
}

// output is the union around the message. Its other members, of which there are
// none yet, are skipped.
func (r *Response) output(c *codec) {
	if !c.writing || r.Message != nil {
		inside(c, "output", r, (*Response).message)
	}
}

func (r *Response) message(c *codec) { object(c, "message", &r.Message, (*Message).fields) }

// AppendResponse appends the JSON of r to dst, as the service would send it. See
// [Usage] for the counters.
func AppendResponse(dst []byte, r *Response) []byte {
	return encode(dst, r, (*Response).fields)
}

// ParseResponse reads the body of an answer of Converse. Members that this
// version does not know are skipped, or kept as [Unknown] where they stand for a
// kind of content; everything may be missing. The error is a [*FieldError]. The
// response shares no memory with data.
func ParseResponse(data []byte) (*Response, error) { return new(Space).ParseResponse(data) }

// ParseResponse is like the function of that name, but uses the memory of s.
func (s *Space) ParseResponse(data []byte) (*Response, error) {
	r := new(Response)
	if err := decodeIn(s, data, false, r, (*Response).fields); err != nil {
		return nil, err
	}
	return r, nil
}

// Metrics holds the time that the service took, in milliseconds.
type Metrics struct{ LatencyMs int }

func (m *Metrics) fields(c *codec) { c.count("latencyMs", &m.LatencyMs) }

// Usage counts tokens. InputTokens does not count what was read from and written
// to the cache; nil counters mean zero. Which of them are there differs between
// models, and between answers of one model.
//
// Raw is the whole object as it came. If it is set it is written in place of
// the fields. If not, the object is written as the service does: with an empty
// member serverToolUsage, and with the cache counters under two names each.
type Usage struct {
	CacheDetails          []CacheDetail
	CacheReadInputTokens  *int
	CacheWriteInputTokens *int
	InputTokens           int
	OutputTokens          int
	TotalTokens           int
	Raw                   json.RawMessage

	// Garbled says that one of the counters could not be read, so that the others
	// mean nothing.
	Garbled bool
}

// counts reports whether the counters can be those of a call: no count is
// negative, or so large that sums of them could wrap round.
func (u *Usage) counts() bool {
	counts := []*int{&u.InputTokens, &u.OutputTokens, &u.TotalTokens, u.CacheReadInputTokens, u.CacheWriteInputTokens}
	for i := range u.CacheDetails {
		counts = append(counts, &u.CacheDetails[i].InputTokens)
	}
	for _, n := range counts {
		if n != nil && (*n < 0 || *n > rawjson.MaxCount) {
			return false
		}
	}
	return true
}

// fields lists the members as the service writes them: it has the counters of the
// cache under a second name each and an empty serverToolUsage, none of which the
// documentation has. They are written, for servers, and not read.
func (u *Usage) fields(c *codec) {
	list(c, "cacheDetails", &u.CacheDetails, (*CacheDetail).fields)
	if c.writing {
		c.whole("cacheReadInputTokenCount", &u.CacheReadInputTokens)
	}
	c.whole("cacheReadInputTokens", &u.CacheReadInputTokens)
	if c.writing {
		c.whole("cacheWriteInputTokenCount", &u.CacheWriteInputTokens)
	}
	c.whole("cacheWriteInputTokens", &u.CacheWriteInputTokens)
	c.count("inputTokens", &u.InputTokens)
	c.count("outputTokens", &u.OutputTokens)
	if c.writing {
		none := &Empty{}
		object(c, "serverToolUsage", &none, (*Empty).fields)
	}
	c.count("totalTokens", &u.TotalTokens)
}

// usage is the member usage. Its bytes are kept, too: models and features add
// counters that this version does not know.
func usage(c *codec, v **Usage) {
	if c.writing && *v != nil && len((*v).Raw) > 0 {
		c.document("usage", &(*v).Raw)
		return
	}
	if c.writing {
		object(c, "usage", v, (*Usage).fields)
		return
	}
	if c.present("usage") == nil {
		return
	}
	var u *Usage
	ok := tolerated(c, "usage", &u, (*Usage).fields)
	u.Garbled = !ok || !u.counts()
	c.document("usage", &u.Raw)
	*v = u
}

// CacheDetail splits the tokens written to the cache by their time to live. The
// list is there only if something was written, and from newer models only.
type CacheDetail struct {
	InputTokens int
	TTL         string // 5m, 1h
}

func (d *CacheDetail) fields(c *codec) {
	c.count("inputTokens", &d.InputTokens)
	c.word("ttl", &d.TTL)
}
