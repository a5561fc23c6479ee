package model_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestTextIsOfWholeCharacters(t *testing.T) {
	text := func(index int, s string) model.Event {
		return model.Event{Kind: model.EventText, Index: index, Text: s}
	}
	for _, test := range []struct {
		name   string
		events []model.Event
		want   []string
	}{
		{"two bytes", []model.Event{text(0, "a\xc3"), text(0, "\xa4b")}, []string{"a", "äb"}},
		{"four bytes, one by one", []model.Event{text(0, "\xf0"), text(0, "\x9f"), text(0, "\x99"), text(0, "\x82!")}, []string{"🙂!"}},
		{"parts by turns", []model.Event{text(0, "\xc3"), text(1, "\xe2\x82"), text(0, "\xa4"), text(1, "\xac")}, []string{"ä", "€"}},
		{"not a character", []model.Event{text(0, "a\xff"), text(0, "b")}, []string{"a\xff", "b"}},
		{"cut for good", []model.Event{text(0, "a\xc3")}, []string{"a", "\xc3"}},
	} {
		s := model.NewStream(context.Background(), model.StreamInfo{}, func(_ context.Context, emit func(model.Event) bool) error {
			for _, ev := range test.events {
				emit(ev)
			}
			emit(model.Event{Kind: model.EventFinish})
			return nil
		})
		var got []string
		for piece, err := range s.Text() {
			if err != nil {
				t.Fatal(err)
			}
			got = append(got, piece)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: Text yields %q, want %q", test.name, got, test.want)
		}
	}
}

func TestMessageOfAnotherLibrary(t *testing.T) {
	var m model.Message
	if err := json.Unmarshal([]byte(`{"role":"user","content":"hi"}`), &m); err == nil {
		t.Errorf("the content was lost without an error: %+v", m)
	}
	if err := json.Unmarshal([]byte(`{"role":"user","parts":[],"content":"hi"}`), &m); err != nil {
		t.Errorf("unknown members are ignored, but: %v", errors.Unwrap(err))
	}
}
