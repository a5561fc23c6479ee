package local

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
)

// controlPath begins the paths of control calls. No AWS client uses it.
const controlPath = "/_local/v1/"

// mostControl limits the body of a control call, in bytes.
const mostControl = 25_000_000

// A problem is the error of a control call.
type problem struct {
	status  int
	Field   string `json:"field,omitempty"`
	Line    int    `json:"line,omitempty"`
	Column  int    `json:"column,omitempty"`
	Message string `json:"message"`
}

func (p *problem) write(w http.ResponseWriter) {
	writeJSON(w, p.status, map[string]*problem{"error": p})
}

// wrong returns the problem for invalid input of the caller.
func wrong(field, message string) *problem {
	return &problem{status: http.StatusBadRequest, Field: field, Message: message}
}

// inDocument returns the problem for an error in a body, with its place.
func inDocument(err error) *problem {
	if p, ok := errors.AsType[*document.Problem](err); ok {
		return &problem{status: http.StatusBadRequest, Field: p.Field, Line: p.Line, Column: p.Column, Message: p.Text}
	}
	return wrong("", err.Error())
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		status, data = http.StatusInternalServerError, []byte(`{"error":{"message":"the answer cannot be written"}}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(data, '\n')) // the client has left
}

// A route answers a control call. It returns a value to send as JSON, or an
// answer.
type route func(s *Server, w *world, r *http.Request) (any, *problem)

// An answer is an answer that writes itself.
type answer func(w http.ResponseWriter)

// routes returns the handler of control calls.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, f := range map[string]route{
		"GET health":               getHealth,
		"GET counters":             getCounters,
		"GET schema":               getSchema,
		"GET answers":              getAnswers,
		"PUT answers":              putAnswers,
		"GET script":               getScript,
		"PUT script":               putScript,
		"POST script":              postScript,
		"DELETE script":            deleteScript,
		"POST reset":               postReset,
		"GET requests":             getRequests,
		"POST verify":              postVerify,
		"GET faults":               getFaults,
		"POST faults":              postFaults,
		"DELETE faults":            deleteFaults,
		"GET clock":                getClock,
		"PUT clock":                putClock,
		"POST vet/model/{id}/{op}": postVet,
		"GET load":                 getLoad,
		"PUT load":                 putLoad,
		"DELETE load":              deleteLoad,
		"GET recording":            getRecording,
		"POST recording":           postRecording,
		"GET worlds":               getWorlds,
		"DELETE worlds/{name}":     deleteWorld,
	} {
		method, path, _ := strings.Cut(pattern, " ")
		mux.HandleFunc(method+" "+controlPath+path, func(w http.ResponseWriter, r *http.Request) {
			r.Body = http.MaxBytesReader(w, r.Body, mostControl)
			world := r.Context().Value(worldInContext{}).(*world)
			if (world.recorder != nil || s.library != nil) && !slices.Contains(always, path) {
				p := &problem{status: http.StatusConflict, Field: "path", Message: "recordings and an upstream Bedrock answer by themselves; the only control calls are " + strings.Join(always, ", ")}
				p.write(w)
				return
			}
			v, p := f(s, world, r)
			write, own := v.(answer)
			switch {
			case p != nil:
				p.write(w)
			case own:
				write(w)
			default:
				writeJSON(w, http.StatusOK, v)
			}
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		p := &problem{status: http.StatusNotFound, Field: "path", Message: "there is no such control call; see the documentation of bedrock-local"}
		p.write(w)
	})
	return mux
}

// always are the control calls that also work for a proxy.
var always = []string{"health", "counters", "recording", "reset", "worlds", "worlds/{name}", "vet/model/{id}/{op}", "schema"}

// readBody reads the body of a control call.
func readBody(r *http.Request) ([]byte, *problem) {
	data, err := io.ReadAll(r.Body)
	switch _, long := errors.AsType[*http.MaxBytesError](err); {
	case long:
		return nil, &problem{status: http.StatusRequestEntityTooLarge, Field: "body", Message: "it is too long"}
	case err != nil:
		return nil, wrong("body", "it cannot be read")
	}
	return data, nil
}

// readDocument reads a body that is a document.
func readDocument(r *http.Request) (*document.Node, *problem) {
	data, p := readBody(r)
	if p != nil {
		return nil, p
	}
	root, err := document.Parse(data)
	if err != nil {
		return nil, inDocument(err)
	}
	return root, nil
}

func getHealth(s *Server, _ *world, _ *http.Request) (any, *problem) {
	v := map[string]any{"status": "ok", "version": 1}
	if s.file != nil {
		if _, _, err := s.file.Book(); err != nil {
			v["answers"] = err.Error()
		}
	}
	if s.stopping.Load() {
		v["status"] = "stopping"
		return answer(func(w http.ResponseWriter) { writeJSON(w, http.StatusServiceUnavailable, v) }), nil
	}
	return v, nil
}

func getSchema(*Server, *world, *http.Request) (any, *problem) {
	return json.RawMessage(answers.Schema()), nil
}

func postReset(s *Server, w *world, _ *http.Request) (any, *problem) {
	w.reset()
	return map[string]string{"world": w.name}, nil
}

// A worldInfo is a world in a list.
type worldInfo struct {
	Name  string `json:"name"`
	Calls int    `json:"calls"` // the number of remembered calls
}

func getWorlds(s *Server, _ *world, _ *http.Request) (any, *problem) {
	all := []worldInfo{}
	for _, w := range s.allWorlds() {
		all = append(all, worldInfo{w.name, len(w.current().Calls())})
	}
	return map[string]any{"worlds": all}, nil
}

func deleteWorld(s *Server, _ *world, r *http.Request) (any, *problem) {
	name := r.PathValue("name")
	if name == defaultWorld {
		return nil, wrong("path", "the default world cannot be deleted; reset it instead")
	}
	s.mu.Lock()
	w, ok := s.worlds[name]
	delete(s.worlds, name)
	for key, world := range s.keys {
		if world == name {
			delete(s.keys, key)
		}
	}
	s.mu.Unlock()
	if !ok {
		return nil, &problem{status: http.StatusNotFound, Field: "path", Message: "there is no world of that name"}
	}
	if err := w.close(); err != nil {
		return nil, &problem{status: http.StatusConflict, Field: "recording", Message: err.Error()}
	}
	return map[string]string{"deleted": name}, nil
}
