package local

import (
	"encoding/json"
	"net/http"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
)

// getAnswers sends the world's document and how often each of its answers was
// used.
func getAnswers(s *Server, w *world, _ *http.Request) (any, *problem) {
	b := w.player.Book()
	v := map[string]any{"answers": json.RawMessage(b.Source), "used": w.player.Uses(), "file": b.Name}
	if s.file != nil && !w.own.Load() {
		if _, _, err := s.file.Book(); err != nil {
			v["problem"] = err.Error()
		}
	}
	return v, nil
}

// putAnswers gives the world a document of its own.
func putAnswers(s *Server, w *world, r *http.Request) (any, *problem) {
	data, p := readBody(r)
	if p != nil {
		return nil, p
	}
	b, err := answers.Parse("", data, s.cassettes)
	if err != nil {
		return nil, inDocument(err)
	}
	w.own.Store(true)
	w.player.Play(b)
	return getAnswers(s, w, r)
}

// getScript sends the length and the position of the script.
func getScript(s *Server, w *world, _ *http.Request) (any, *problem) {
	all, played := w.player.Script()
	return map[string]int{"answers": all, "played": played}, nil
}

func putScript(s *Server, w *world, r *http.Request) (any, *problem) {
	return script(s, w, r, w.player.SetScript)
}

func postScript(s *Server, w *world, r *http.Request) (any, *problem) {
	return script(s, w, r, w.player.Append)
}

func script(s *Server, w *world, r *http.Request, use func([]answers.Answer)) (any, *problem) {
	data, p := readBody(r)
	if p != nil {
		return nil, p
	}
	script, err := answers.ParseScript(data, s.cassettes)
	if err != nil {
		return nil, inDocument(err)
	}
	w.own.Store(true)
	use(script)
	return getScript(s, w, r)
}

func deleteScript(s *Server, w *world, r *http.Request) (any, *problem) {
	w.own.Store(true)
	w.player.SetScript(nil)
	return getScript(s, w, r)
}
