package local

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"io/fs"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
)

// WorldHeader is the header by which a request names its world: 1 to 64 letters,
// digits, dots, hyphens and underscores.
const WorldHeader = "X-Bedrock-Local-World"

// defaultWorld is the world of requests that name none.
const defaultWorld = "default"

// A Server holds worlds behind one address. It is made by [New] and safe for
// concurrent use.
type Server struct {
	options   Options
	cassettes fs.FS
	file      *answers.File // nil if there is none
	library   *library      // nil unless recordings answer
	quota     *quota        // of every new world; nil if there is none
	control   http.Handler
	count     counters
	stopping  atomic.Bool

	mu     sync.Mutex
	worlds map[string]*world
	keys   map[[sha256.Size]byte]string // the worlds of API keys, by the keys' hashes
}

// New returns a server. It fails if a file or folder that the options name
// cannot be read, or if they contradict each other.
func New(options *Options) (*Server, error) {
	s := &Server{options: options.settled(), worlds: map[string]*world{}, keys: map[[sha256.Size]byte]string{}}
	if err := s.options.check(); err != nil {
		return nil, err
	}
	folder := s.options.Recordings
	if folder == "" && s.options.Answers != "" {
		folder = filepath.Dir(s.options.Answers)
	}
	if folder != "" {
		s.cassettes = os.DirFS(folder)
	}
	if s.options.Answers != "" {
		file, err := answers.Open(s.options.Answers, s.cassettes)
		if err != nil {
			return nil, &fileError{s.options.Answers, err}
		}
		s.file = file
	}
	if s.options.Replay != "" {
		library, err := openLibrary(s.options.Replay)
		if err != nil {
			return nil, err
		}
		s.library = library
	}
	var err error
	if s.quota, err = openQuota(s.options.Load); err != nil {
		return nil, err
	}
	s.control = s.routes()
	_, err = s.world(defaultWorld)
	return s, err
}

// check finds options that contradict each other.
func (o *Options) check() error {
	b := o.Bedrock
	switch {
	case b != nil && (b.Fault != nil || b.Logged != nil || b.Now != nil || b.Keep != 0 || b.Load != nil):
		return errors.New("local: Options.Bedrock has Fault, Logged, Now, Keep or Load set; leave them unset, because each world has its own")
	case (o.Record == "") != (o.Upstream == nil):
		return errors.New("local: Options.Record and Options.Upstream must both be set")
	case o.Record != "" && o.Replay != "":
		return errors.New("local: Options.Record and Options.Replay exclude each other")
	case o.Record != "" && !o.Loopback:
		return errors.New("local: Options.Record sends requests with your credentials, so Options.Loopback must be set")
	case (o.Record != "" || o.Replay != "") && (o.Model != nil || o.Answers != ""):
		return errors.New("local: Options.Record and Options.Replay answer every request; leave Options.Model and Options.Answers unset")
	case o.Upstream != nil:
		return o.Upstream.check()
	}
	return nil
}

// A fileError is an error about a file, with the file's name.
type fileError struct {
	path string
	err  error
}

func (e *fileError) Error() string { return "local: " + e.path + ": " + e.err.Error() }
func (e *fileError) Unwrap() error { return e.err }

// HTTPServer returns a server for the handler, to be started by the caller, as
// [bedrocktest.Handler.HTTPServer] does.
func (s *Server) HTTPServer() *http.Server {
	server := bedrocktest.New(nil, nil).HTTPServer()
	server.Handler = s
	return server
}

// Stop makes the health call report that the server is stopping, so that
// clients send no more requests. The server still answers calls.
func (s *Server) Stop() { s.stopping.Store(true) }

// Close closes the worlds and writes their recordings. It returns an error if a
// recording could not be written.
func (s *Server) Close() error {
	s.Stop()
	var all []error
	for _, w := range s.allWorlds() {
		all = append(all, w.close())
	}
	return errors.Join(all...)
}

// Restart plays the answers of all worlds from their start again.
func (s *Server) Restart() {
	for _, w := range s.allWorlds() {
		w.player.Restart()
	}
}

// ServeHTTP answers a request, or a control call.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	controlled := strings.HasPrefix(r.URL.Path, controlPath)
	if p := cmp.Or(s.stranger(r), s.options.Upstream.admit(r)); p != nil {
		refuseCall(w, controlled, p)
		return
	}
	s.refresh()
	world, p := s.worldOf(r, controlled)
	switch {
	case p != nil:
		refuseCall(w, controlled, p)
	case controlled:
		s.control.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), worldInContext{}, world)))
	default:
		world.serve(w, r)
	}
}

type worldInContext struct{}

// refuseCall answers a request that reaches no world.
func refuseCall(w http.ResponseWriter, controlled bool, p *problem) {
	if controlled {
		p.write(w)
		return
	}
	code := "AccessDeniedException"
	if p.status != http.StatusForbidden {
		code = "ValidationException"
	}
	w.Header()["x-amzn-ErrorType"] = []string{code}
	writeJSON(w, p.status, map[string]string{"message": p.Message})
}

// worldOf returns the world of a request. The header takes precedence over the
// key. A key has a world once a control call was made with it.
func (s *Server) worldOf(r *http.Request, controlled bool) (*world, *problem) {
	if names := r.Header.Values(WorldHeader); len(names) > 0 {
		if len(names) > 1 || !validWorld(names[0]) {
			return nil, wrong("header "+WorldHeader, "it should be a single name of 1 to 64 letters, digits, dots, hyphens and underscores")
		}
		return s.named(names[0])
	}
	key := keyOf(r)
	if key == "" || s.options.Upstream != nil { // all clients of an upstream share one key
		return s.named(defaultWorld)
	}
	hash := sha256.Sum256([]byte(key))
	s.mu.Lock()
	name, known := s.keys[hash]
	if !known && controlled {
		name = keyWorld(hash)
		if len(s.keys) < s.options.MaxWorlds {
			s.keys[hash] = name
		}
	}
	s.mu.Unlock()
	if name == "" {
		name = defaultWorld
	}
	return s.named(name)
}

func validWorld(name string) bool {
	for _, c := range name {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.ContainsRune("._-", c)) {
			return false
		}
	}
	return name != "" && len(name) <= 64 && strings.Trim(name, ".") != ""
}

// keyOf returns the API key of a request, or the access key id of its
// signature. Either distinguishes callers.
func keyOf(r *http.Request) string {
	header := r.Header.Get("Authorization")
	if token, ok := strings.CutPrefix(header, "Bearer "); ok {
		return token
	}
	_, rest, ok := strings.Cut(header, "Credential=")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// operationOf splits a path of Bedrock Runtime, such as /model/ID/operation.
func operationOf(escapedPath string) (operation, modelID string, ok bool) {
	label, ok := strings.CutPrefix(escapedPath, "/model/")
	label, last, cut := strings.Cut(label, "/")
	modelID, err := url.PathUnescape(label)
	operation, known := operations[last]
	return operation, modelID, ok && cut && known && err == nil && modelID != ""
}

// operations maps the ends of paths to the operations that have a body.
var operations = map[string]string{
	"converse":        "Converse",
	"converse-stream": "ConverseStream",
	"count-tokens":    "CountTokens",
	"invoke":          "InvokeModel",

	"invoke-with-response-stream": "InvokeModelWithResponseStream",
}

// CallOf returns the operation and the model id of the call that a context
// belongs to. It is for the Model of [Options], because a neutral request has
// neither. Both are empty if the context belongs to no call.
func CallOf(ctx context.Context) (operation, modelID string) { return answers.CallOf(ctx) }
