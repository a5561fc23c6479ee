package bedrock_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestManyFiles checks that a conversation goes on after it has outgrown the
// number of files that a request may hold. Texts take the place of the oldest
// files, several at a time, so that most turns find the turn before in the
// cache. The longest conversation is held with CHATMODEL_FULL=1 only.
func TestManyFiles(t *testing.T) {
	png := func(i int) model.Image { return model.Image{Data: append(bytes.Clone(smallPNG), byte(i))} }
	doc := func(i int) model.Document {
		return model.Document{Name: fmt.Sprint("d", i), Text: fmt.Sprint("words ", i)}
	}
	for _, row := range []struct {
		id     string
		format bedrock.Format
		turn   func(i int) []model.Message // of the user, with what leads to it
		turns  int
		anew   int // how often the prompt before is not found again
		kept   string
		most   int
	}{
		{claude45, "", func(i int) []model.Message { return []model.Message{user(model.Text("u"), doc(i))} }, 14, 5, `"document":`, 5},
		{nova1, "", func(i int) []model.Message { return []model.Message{user(model.Text("u"), doc(i))} }, 9, 2, `"document":`, 5},
		{claude45, "", func(i int) []model.Message { return []model.Message{user(model.Text("u"), png(i))} }, 45, 3, `"image":`, 20},
		{claude45, "", func(i int) []model.Message {
			id := fmt.Sprint("c", i)
			return []model.Message{model.User("u"), assistant(call(id)), user(result(id, model.Text("x"), png(i), png(i)))}
		}, 24, 3, `"image":`, 20},
		{claude45, bedrock.FormatAnthropic, func(i int) []model.Message { return []model.Message{user(model.Text("u"), doc(i))} }, 9, 0, `"type":"document"`, 9},
		{claude45, bedrock.FormatAnthropic, func(i int) []model.Message { return []model.Message{user(model.Text("u"), png(i))} }, 102, 1, `"type":"image"`, 100},
	} {
		if row.turns > 100 && !full() {
			continue // it takes as long as all others
		}
		b := newBench()
		req := withWeather()
		var before promptBytes
		anew := 0
		for i := range row.turns {
			req.Messages = append(req.Messages, row.turn(i)...)
			resp, err := b.ask(subject{row.id, row.format}, &req, false, model.Text("ok"))
			if err == nil {
				err = conformance.CheckWire(&req, b.body, resp.Warnings)
			}
			if err != nil {
				t.Fatalf("%s %s, turn %d: %v", row.id, row.format, i, err)
			}
			if n := bytes.Count(b.body, []byte(row.kept)); n > row.most || n < min(row.most-row.most/2, i) {
				t.Errorf("%s %s, turn %d: %d files were sent, want at most %d", row.id, row.format, i, n, row.most)
			}
			d := door{op: "converse"}
			if row.format != "" {
				d = door{"invoke", row.format}
			}
			now := promptIn(t, d, b.body)
			if i > 0 && before.broken(now) != "" {
				anew++
			}
			before = now
			req.Messages = append(req.Messages, resp.Message)
		}
		if anew != row.anew {
			t.Errorf("%s %s: the prompt before was not found again %d times of %d, want %d", row.id, row.format, anew, row.turns, row.anew)
		}
	}
}

// TestTooManyFiles checks that more files than a request may hold are refused
// when the user asks about all of them.
func TestTooManyFiles(t *testing.T) {
	for _, row := range []struct {
		n    int
		file model.Part
		at   string
	}{
		{6, model.Document{Name: "d", Text: "words"}, "messages[2].parts[6]"},
		{21, model.Image{Data: smallPNG}, "messages[2].parts[21]"},
	} {
		last := user(model.Text("u"))
		for range row.n {
			last.Parts = append(last.Parts, row.file)
		}
		req := talk(model.User("u"), model.Assistant("a"), last)
		b := newBench()
		_, err := b.ask(subject{claude45, ""}, &req, false, model.Text("ok"))
		if model.KindOf(err) != model.ErrUnsupported || b.body != nil || !strings.Contains(err.Error(), row.at+": ") {
			t.Errorf("%d of %T: %v, want unsupported at %s, and nothing sent", row.n, row.file, err, row.at)
		}
		req.Messages[2].Parts = last.Parts[:row.n]
		if _, err := b.ask(subject{claude45, ""}, &req, false, model.Text("ok")); err != nil {
			t.Errorf("one less: %v", err)
		}
	}
}
