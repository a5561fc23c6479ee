package local

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// A library is a folder of recordings that answer calls.
type library struct {
	folder fs.FS
	names  []string
}

// openLibrary reads all recordings of a folder. It fails if one of them is
// invalid.
func openLibrary(folder string) (*library, error) {
	l := &library{folder: os.DirFS(folder)}
	err := fs.WalkDir(l.folder, ".", func(name string, d fs.DirEntry, err error) error {
		if base, ok := strings.CutSuffix(name, ".yaml"); ok && err == nil && !d.IsDir() {
			if _, err := recordings.Replay(l.folder, base, nil); err != nil {
				return err
			}
			l.names = append(l.names, base)
		}
		return err
	})
	if err == nil && len(l.names) == 0 {
		err = errors.New("there is no recording")
	}
	if err != nil {
		return nil, &fileError{folder, err}
	}
	return l, nil
}

// tapes are the recordings as one world plays them.
type tapes struct{ all []*recordings.Tape }

func (l *library) tapes() *tapes {
	t := &tapes{}
	for _, name := range l.names {
		if tape, err := recordings.Replay(l.folder, name, &recordings.Options{AllowUnused: true}); err == nil { // it was valid before
			t.all = append(t.all, tape)
		}
	}
	return t
}

// answer plays the first exchange left that matches the request, from any
// recording. If there is none, it returns the shortest miss, which is that of
// the nearest request.
func (t *tapes) answer(r *http.Request, body []byte) (*http.Response, error) {
	var nearest *http.Response
	var text []byte
	for _, tape := range t.all {
		out, err := outgoing(r, "https://bedrock-runtime.us-east-1.amazonaws.com", body)
		if err != nil {
			return nil, err
		}
		resp, err := tape.RoundTrip(out)
		if err != nil {
			return nil, err
		}
		if resp.Header.Get("X-Amzn-Errortype") != "RecordingMiss" {
			return resp, nil
		}
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		if nearest == nil || len(data) < len(text) {
			nearest, text = resp, data
		}
	}
	if nearest == nil {
		return nil, errors.New("there are no recordings")
	}
	var miss struct{ Message string }
	_ = json.Unmarshal(text, &miss) // on failure the message stays empty
	data, err := json.Marshal(map[string]string{"message": cmp.Or(miss.Message, "no recorded request matches")})
	nearest.Body = io.NopCloser(bytes.NewReader(data))
	return nearest, err
}
