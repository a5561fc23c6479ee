package bedrocktest

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/catalog"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/seal"
	"github.com/chatmodel-go/chatmodel/internal/promptcache"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Handler serves a ChatModel as Bedrock Runtime. It is made by [New], or is
// part of a [Server], and safe for concurrent use.
type Handler struct {
	model   model.ChatModel
	options Options
	off     map[Rule]bool
	table   atomic.Pointer[rules.Table]
	cast    cast
	mistake *Exception // in the options
	sealer  *seal.Sealer
	cache   *promptcache.Cache
	bodies  *bodies

	mu      sync.Mutex
	number  int // of the last call
	serving int // calls that have arrived and are not answered yet
	entered int // those of them whose bodies have arrived
	calls   []*record
	faults  []Fault

	logging sync.Mutex
}

// New returns a handler that answers with m. Options may be nil.
//
// The model m gets requests in neutral form, see [DecodeRequest]. Its answers
// are sent in the service's form: they end at the token limit and the stop
// sequences of the request, thinking is signed, and tokens and the cache are
// counted. If m fails with an [*Exception], the server sends that; any other
// error becomes the exception for its [model.ErrorKind]. In the middle of a
// stream an error becomes a frame, except that [model.ErrTruncated] ends the
// stream there and [model.ErrTransport] breaks the connection.
func New(m model.ChatModel, options *Options) *Handler {
	h := &Handler{model: m, options: options.settled(), off: map[Rule]bool{}}
	for _, r := range h.options.Off {
		h.off[r] = true
	}
	h.mistake = h.options.mistaken()
	h.table.Store(&rules.Table{Date: h.options.Date, Play: maps.Clone(h.options.Play), Traits: maps.Clone(h.options.Traits)})
	h.sealer = seal.New(h.options.Key)
	h.cache = promptcache.New()
	h.bodies = &bodies{most: h.options.MaxBody, sum: h.options.MaxBodies, patience: h.options.BodyTimeout}
	return h
}

// ServeHTTP answers a request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := h.begin(w, r)
	defer h.end(c)
	c.answer()
}

// begin records the call.
func (h *Handler) begin(w http.ResponseWriter, r *http.Request) *call {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.number++
	h.serving++
	c := newCall(h, h.number, w, r)
	if keep := h.options.Keep; keep >= 0 {
		h.calls = append(h.calls, c.record)
		if keep > 0 && len(h.calls) > keep {
			h.calls = slices.Delete(h.calls, 0, len(h.calls)-keep)
		}
	}
	return c
}

// A cast caches the models that play the ids called, for one table.
type cast struct {
	mu     sync.Mutex
	table  *rules.Table
	models map[string]*rules.Model
}

// mostCast bounds the cached ids, because callers can make up any number.
const mostCast = 256

// played returns the model that plays an id. It must not be modified.
func (h *Handler) played(modelID string) *rules.Model {
	table, c := h.table.Load(), &h.cast
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.table != table {
		c.table, c.models = table, map[string]*rules.Model{}
	}
	if m, ok := c.models[modelID]; ok {
		return m
	}
	m := table.Model(modelID)
	if len(c.models) < mostCast {
		c.models[modelID] = m
	}
	return m
}

// enter reports whether one more call can be answered. If so, leave must be
// called when it has been.
func (h *Handler) enter() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.entered >= h.options.MaxCalls {
		return false
	}
	h.entered++
	return true
}

func (h *Handler) leave() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.entered--
}

// end notes that a call has been answered or broken off.
func (h *Handler) end(c *call) {
	c.record.note(func(r *Call) { r.Duration = max(time.Since(c.start), 1) })
	h.mu.Lock()
	h.serving--
	h.mu.Unlock()
	if h.options.Logged != nil {
		h.logging.Lock()
		defer h.logging.Unlock()
		h.options.Logged(c.record.copy())
	}
}

// Inject queues faults for the next calls. Each strikes as many calls as its
// [Fault.Times] says, one by default.
func (h *Handler) Inject(faults ...Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = append(h.faults, faults...)
}

// SetDate sets the day for which rules and models hold, from the next call on.
// Before that, [Options.Date] does. Zero means the date of the server's table.
func (h *Handler) SetDate(date time.Time) {
	next := *h.table.Load()
	next.Date = date
	h.table.Store(&next)
}

// fault returns the fault for a call, or the zero Fault if there is none.
func (h *Handler) fault(r *record) Fault {
	h.mu.Lock()
	for len(h.faults) > 0 {
		f := &h.faults[0]
		if f.skip < 0 { // Times(0) or less
			h.faults = h.faults[1:]
			continue
		}
		taken := *f
		f.skip-- // the call after the last use drops the fault
		h.mu.Unlock()
		return taken
	}
	h.mu.Unlock()
	if h.options.Fault != nil {
		return h.options.Fault(r.copy())
	}
	return Fault{}
}

// enforces reports whether a rule is on.
func (h *Handler) enforces(r Rule) bool {
	if h.off[r] {
		return false
	}
	return !h.options.Lenient || r.isAuthentication()
}

// An operation is one of the service's.
type operation struct {
	name  string                 // as in the API reference
	serve func(*call) *Exception // answers the call, or returns why not, without having written anything
}

// operations maps the ends of paths to the operations of Bedrock Runtime that
// are served.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock_Runtime.html
var operations = map[string]operation{
	"converse":        {"Converse", (*call).converse},
	"converse-stream": {"ConverseStream", (*call).converseStream},
	"count-tokens":    {"CountTokens", (*call).countTokens},
	"invoke":          {"InvokeModel", (*call).invoke},

	"invoke-with-response-stream": {"InvokeModelWithResponseStream", (*call).invokeStream},
}

// route finds the operation and the model id of a request. The id is one label
// of the path, in which an ARN's slash is escaped; so the path must not be
// decoded before it is split.
func route(r *http.Request) (op operation, modelID string, ok bool) {
	if listing, ok := catalog.Find(r.Method, r.URL.EscapedPath()); ok {
		return operation{listing.Operation, func(c *call) *Exception { return list(c, listing) }}, listing.ID, true
	}
	label, ok := strings.CutPrefix(r.URL.EscapedPath(), "/model/")
	if !ok || r.Method != http.MethodPost {
		return operation{}, "", false
	}
	label, last, ok := strings.Cut(label, "/")
	if !ok || label == "" {
		return operation{}, "", false
	}
	if op, ok = operations[last]; !ok {
		return operation{}, "", false
	}
	modelID, err := url.PathUnescape(label)
	return op, modelID, err == nil
}

// list answers a call of the control plane.
func list(c *call, listing catalog.Call) *Exception {
	if c.faulted() {
		return nil
	}
	all := catalog.Catalog{Table: c.table.Load(), Account: c.account(), Region: Region}
	if s, e := parseAuthorization(c.r.Header.Get("Authorization"), c.r.Header); e == nil && s.region != "" {
		all.Region = s.region
	}
	body, refusal := all.Answer(listing, c.r.URL.Query())
	if refusal != nil {
		return &Exception{Code: refusal.Code, Message: refusal.Message}
	}
	c.header(http.StatusOK, "application/json")
	_ = c.send(body) // the client has left
	return nil
}
