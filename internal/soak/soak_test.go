package main

import (
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
)

// TestSoak runs long enough for every fault to happen.
func TestSoak(t *testing.T) {
	r, err := soak(settings{time: time.Minute, calls: 600, workers: 8, seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Log("\n" + r.table())
	if !r.clean() {
		t.Error("something was lost, wrong or left over")
	}
	for name, row := range r.rows {
		if row.calls == 0 {
			t.Errorf("%q did not happen", name)
		}
	}
}

// TestJudge checks the judge's verdict on right and wrong results of calls.
func TestJudge(t *testing.T) {
	c := &call{want: answer{text: "all of it"}}
	whole := &model.Response{Message: model.Assistant("all of it"), Usage: &model.Usage{Known: true}}
	half := &model.Response{Message: model.Assistant("all")}
	other := &model.Response{Message: model.Assistant("something else"), Usage: &model.Usage{Known: true}}
	cut := &model.Error{Kind: model.ErrTruncated}
	heard := &arrived{}
	heard.add(model.Event{Kind: model.EventText, Text: "all of"})
	broken := 0
	for i, f := range faults {
		if f.name == "cut, reset" {
			broken = i
		}
	}
	for _, tt := range []struct {
		name        string
		which       int
		resp        *model.Response
		err         error
		seen        *arrived
		lost, wrong bool
	}{
		{"as it was said", 0, whole, nil, nil, false, false},
		{"half without an error", 0, half, nil, nil, true, false},
		{"something else", 0, other, nil, nil, true, true},
		{"an error for nothing", 0, half, cut, nil, true, false},
		{"cut", broken, half, cut, nil, false, false},
		{"cut, of another kind", broken, half, &model.Error{Kind: model.ErrThrottled}, nil, true, false},
		{"cut, less than had arrived", broken, half, cut, heard, true, false},
		{"cut, and wrong", broken, other, cut, nil, false, true},
	} {
		c.which = tt.which
		got := c.judge(tt.resp, tt.err, tt.seen)
		if (got.lost != "") != tt.lost || (got.wrong != "") != tt.wrong {
			t.Errorf("%s: lost %q, wrong %q", tt.name, got.lost, got.wrong)
		}
	}
}
