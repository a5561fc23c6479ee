package bedrock_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// theirs is the layout of what others wrote: its shape, with no more of any
// text than it takes to find it. The whole of it is held by length and SHA-256.
var theirs = layout{wide: 100, long: 40}

// cassettes returns the names of all cassettes of a folder.
func cassettes(t *testing.T, fsys fs.FS) (names []string) {
	t.Helper()
	err := fs.WalkDir(fsys, ".", func(name string, _ fs.DirEntry, err error) error {
		if base, ok := strings.CutSuffix(name, ".yaml"); ok {
			names = append(names, base)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("%d cassettes: %v", len(names), err)
	}
	return names
}

// recordedFolders returns the folders of recordings of the real service that
// BEDROCK_RECORDINGS lists, by their last names.
func recordedFolders(t *testing.T) map[string]string {
	t.Helper()
	list := os.Getenv("BEDROCK_RECORDINGS")
	if list == "" {
		t.Skip("BEDROCK_RECORDINGS names no folder with recordings of the real service")
	}
	all := make(map[string]string)
	for _, dir := range filepath.SplitList(list) {
		all[filepath.Base(dir)] = dir
	}
	return all
}

// decoded returns a recorded request in its neutral form, and the door that it
// went through.
func decoded(id, op string, body []byte) (*model.Request, door, error) {
	switch {
	case strings.HasPrefix(op, "invoke"):
		d := door{op, bodyFormat(id, body)}
		req, err := bedrocktest.DecodeInvoke(d.format, body)
		return req, d, err
	case op == "converse" || op == "converse-stream":
		req, err := bedrocktest.DecodeRequest(id, body)
		return req, door{op: op}, err
	case op == "count-tokens":
		var in struct {
			Input struct{ Converse json.RawMessage }
		}
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, door{op: op}, err
		}
		req, err := bedrocktest.DecodeRequest(id, in.Input.Converse)
		return req, door{op: op}, err
	}
	return nil, door{op: op}, fmt.Errorf("requests of %s are not decoded", op)
}

// bodyFormat tells the format of a recorded body of InvokeModel.
func bodyFormat(id string, body []byte) bedrock.Format {
	switch {
	case bytes.Contains(body, []byte(`"anthropic_version"`)):
		return bedrock.FormatAnthropic
	case bytes.Contains(body, []byte(`"messages"`)):
		return bedrock.FormatOpenAI
	}
	if all := formatsOf(id, nil); len(all) > 0 {
		return all[0]
	}
	return bedrock.FormatOpenAI
}

// recordedBlock decodes a recorded request and sends it again through the door
// that it came by.
func recordedBlock(t *testing.T, name string, x recordings.Exchange, lines layout) block {
	t.Helper()
	id, op := operation(t, x.URL)
	var b strings.Builder
	req, d, err := decoded(id, op, repaired(path.Base(strings.Split(name, " ")[0]), x.RequestBody))
	fmt.Fprintf(&b, "--- %s: %s\n", d, id)
	if err != nil {
		fmt.Fprintf(&b, "  not decoded: %s\n", visible.Replace(err.Error()))
		return block{name, b.String()}
	}
	s := d.through(id, req, nil)
	text := s.text(d, id, false, lines)
	switch {
	case s.body == nil:
	case bytes.Equal(s.body, x.RequestBody):
		head, _, _ := strings.Cut(text, "  body ")
		text = fmt.Sprintf("%s  body %d bytes, as recorded\n", head, len(s.body))
	case cmp.Equal(jsonValue(t, s.body), jsonValue(t, repaired(path.Base(strings.Split(name, " ")[0]), x.RequestBody))):
		b.WriteString("  the recorded value in other bytes\n")
	default:
		b.WriteString("  not the recorded value\n")
	}
	b.WriteString(text)
	return block{name, b.String()}
}

func recordedBlocks(t *testing.T, fsys fs.FS, lines layout) (blocks []block) {
	t.Helper()
	for _, name := range cassettes(t, fsys) {
		c, err := recordings.Load(fsys, name)
		if err != nil {
			t.Fatal(err)
		}
		for i, x := range c.Exchanges {
			blocks = append(blocks, recordedBlock(t, fmt.Sprintf("%s %d", name, i), x, lines))
		}
	}
	return blocks
}

// TestGoldensCassettes checks the bytes when each request of the cassettes that
// come with this module is sent again.
func TestGoldensCassettes(t *testing.T) {
	checkGoldens(t, "cassettes", recordedBlocks(t, recordings.Cassettes(), ours))
}

// TestGoldensRecorded checks the bytes when each recorded request to the real
// service is sent again.
func TestGoldensRecorded(t *testing.T) {
	for name, dir := range recordedFolders(t) {
		t.Run(name, func(t *testing.T) {
			checkGoldens(t, "recorded-"+name, recordedBlocks(t, os.DirFS(dir), theirs))
		})
	}
}
