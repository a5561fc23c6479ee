package bedrock_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
)

// TestGoldensTime keeps when waiting calls end: those that wait for what
// follows a complete answer, for the end of a body, for more of an answer, and
// for a deadline.
func TestGoldensTime(t *testing.T) {
	var blocks []block
	for _, name := range slices.Sorted(maps.Keys(doors)) {
		d := doors[name]
		b := block{name: name}
		for what, body := range map[string][]byte{"whole": d.body, "unmeasured": unmeasured(name, d.body), "half": d.body[:len(d.body)/2], "nothing": nil} {
			if what == "unmeasured" && body == nil {
				continue
			}
			for hears := range held(nil) {
				for _, left := range []time.Duration{0, 10 * time.Millisecond, time.Second, time.Minute} {
					synctest.Test(t, func(t *testing.T) {
						l, do := held(body)[hears]()
						ctx, cancel := context.WithCancel(t.Context())
						if left > 0 {
							ctx, cancel = context.WithTimeout(t.Context(), left)
						} else if what == "half" || what == "nothing" {
							time.AfterFunc(time.Hour, cancel)
						}
						defer cancel()
						start := time.Now()
						s := d.model(t, do).Stream(ctx, hello)
						said := ""
						for ev, err := range s.Events() {
							said += fmt.Sprintf("%s after %v, ", ev.Kind, time.Since(start))
							_ = err
						}
						over := time.Since(start)
						resp, err := s.Response()
						b.text += fmt.Sprintf("  %s that %s, %v left: %sover after %v, %d opened, %d closed: %s\n", what, hears, left, said, over, l.opened.Load(), l.closed.Load(), became(resp, err))
					})
				}
			}
		}
		lines := splitLines(b.text)
		slices.Sort(lines)
		b.text = strings.Join(lines, "\n") + "\n"
		blocks = append(blocks, b)
	}
	checkGoldens(t, "time", blocks)
}

// TestGoldensLeft keeps what a stream delivers when it is left, or its context
// ends, after every number of events. It also keeps how long it takes to leave.
func TestGoldensLeft(t *testing.T) {
	var blocks []block
	more := []madeAnswer{
		{"with an unknown part last", bedrock.FormatOpenAI, true, `{"choices":[{"delta":{"content":[{"type":"hologram","x":1}]}}]}`},
		{"with images that have no stop", bedrock.FormatConverse, true, "messageStart {\"role\":\"assistant\"}\n" +
			`contentBlockStart {"contentBlockIndex":0,"start":{"image":{"format":"png"}}}` + "\n" + `contentBlockDelta {"contentBlockIndex":0,"delta":{"image":{"source":{"bytes":"AQID"}}}}` + "\n" +
			`contentBlockStart {"contentBlockIndex":1,"start":{"image":{"format":"png"}}}` + "\n" + `contentBlockDelta {"contentBlockIndex":1,"delta":{"image":{"source":{"bytes":"AQID"}}}}` + "\n" +
			`messageStop {"stopReason":"end_turn"}`},
	}
	for i, m := range slices.Concat(converseAnswers(), anthropicAnswers(), openaiAnswers(), promptAnswers(), more) {
		if !inSample(i) {
			continue
		}
		if !m.stream || strings.HasPrefix(m.name, "{") || strings.HasPrefix(m.name, "body") {
			continue
		}
		a := answering{id: "unheard-of", format: m.format, stream: true}
		if m.format == bedrock.FormatConverse {
			a.id = claude
		}
		a.open(t)
		a.body = chunks(strings.Split(m.text, "\n")...)
		if m.format == bedrock.FormatConverse {
			a.body = frames(strings.Split(m.text, "\n")...)
		}
		b := block{name: string(m.format) + " " + m.name}
		for most := 0; ; most++ {
			left, leftEarly := a.until(most, false)
			ended, endedEarly := a.until(most, true)
			b.text += fmt.Sprintf("  after %d: left %s; ended %s\n", most, left, ended)
			if !leftEarly && !endedEarly {
				break
			}
		}
		lines := strings.Split(m.text, "\n")
		for n := range lines {
			begin := chunks(lines[:n+1]...)
			if m.format == bedrock.FormatConverse {
				begin = frames(lines[:n+1]...)
			}
			events := a.events(begin)
			b.text += fmt.Sprintf("  %d frames, then silence: %s\n", n+1, a.silence(t, begin, events))
			for earlier := 1; n == len(lines)-1 && earlier < events; earlier++ {
				b.text += fmt.Sprintf("    earlier: %s\n", a.silence(t, begin, earlier))
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, "left", blocks)
}

// events counts the events that the beginning of a stream has.
func (a *answering) events(begin []byte) (n int) {
	a.body = begin
	for _, err := range a.m.Stream(context.Background(), hello).Events() {
		if err == nil {
			n++
		}
	}
	return n
}

// silence tells how long it takes to leave a stream at an event that its
// beginning has, while no more of it comes.
func (a *answering) silence(t *testing.T, begin []byte, event int) (text string) {
	if event == 0 {
		return "nothing"
	}
	synctest.Test(t, func(t *testing.T) {
		l := answers(begin)
		m := newModel(t, a.id, l, &bedrock.Options{Format: a.format})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start, n := time.Now(), 0
		for range m.Stream(ctx, hello).Events() {
			if n++; n == event {
				break
			}
		}
		text = fmt.Sprintf("left at event %d after %v, %d opened, %d closed", n, time.Since(start), l.opened.Load(), l.closed.Load())
	})
	return text
}

// until reads a stream up to an event, and leaves it there, or ends its context. It
// reports whether that was before the stream's own end.
func (a *answering) until(most int, end bool) (text string, early bool) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	s := a.m.Stream(ctx, hello)
	n := 0
	for ev, err := range s.Events() {
		if n++; n > most && !end {
			early = true
			break
		}
		if n > most && err == nil {
			early = true
			cancel()
		}
		text += ev.Kind.String() + " "
	}
	resp, err := s.Response()
	return text + became(resp, err), early
}
