package conformance

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/prompt"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A mutant is a model with one fault, and the cases that must find it.
type mutant struct {
	name  string
	kills []ID     // cases that must fail
	also  []string // groups besides theirs in which cases may fail, because the fault shows there, too

	// One of these is the fault.
	wrap  func(w *wrapper)                                                // of a wrapper around the reference
	model func(inner model.ChatModel, script *fake.Model) model.ChatModel // a model of its own
	seams probe.Seams                                                     // in what package model keeps for all
	wire  func(*wireClient)                                               // of a model over HTTP

	caps  func(*Capabilities) // what it claims less than everything
	asked string              // the model that it says it asks; empty: it does not say
	gaps  map[ID]string       // of an oddity
	racy  bool                // the race detector finds it first
}

func (m *mutant) subject() Subject {
	s := referenceSubject()
	s.Name = m.name
	s.Timeout = 20 * time.Second
	if m.asked != "" {
		s.Model = m.asked
	}
	if m.caps != nil {
		m.caps(&s.Capabilities)
	}
	caps := s.Capabilities.Capabilities
	s.New = func(env *Env, script *fake.Model) (model.ChatModel, error) {
		if m.wire != nil {
			return wireModel(env, script, m.wire), nil
		}
		inner := limited(reference(script), caps)
		switch {
		case m.model != nil:
			return m.model(inner, script), nil
		case m.wrap != nil:
			w := &wrapper{inner: inner}
			m.wrap(w)
			return w, nil
		}
		return inner, nil
	}
	if slices.ContainsFunc(m.kills, func(id ID) bool { return groupOf(id) == "recordings" }) {
		s.Conversations = conversations(s.New)
	}
	s.Gaps = m.gaps
	return s
}

// limited returns a model that refuses what it does not claim.
func limited(inner model.ChatModel, caps model.Capabilities) model.ChatModel {
	all := AllCapabilities().Capabilities
	if caps == all {
		return inner
	}
	return &limiter{wrapper{inner: inner, caps: &caps}}
}

type limiter struct{ wrapper }

func (l *limiter) refuse(req *model.Request) error {
	if err := req.Validate(); err != nil {
		return err
	}
	// The fake knows what a request needs.
	caps := *l.caps
	probe := fake.NewWith(&fake.Options{Capabilities: &caps}, fake.Text("ok"))
	if _, err := probe.Generate(context.Background(), req); err != nil {
		return err
	}
	if !caps.PromptCaching && prompt.Cached(prompt.Of(req)) != "" {
		return &model.Error{Kind: model.ErrUnsupported, Provider: "fake", Op: "generate", Model: "fake", Message: "no prompt caching"}
	}
	return nil
}

func (l *limiter) Generate(ctx context.Context, req *model.Request) (*model.Response, error) {
	if err := l.refuse(req); err != nil {
		return nil, relabelled(err, "generate")
	}
	return l.wrapper.Generate(ctx, req)
}

func (l *limiter) Stream(ctx context.Context, req *model.Request) *model.Stream {
	if err := l.refuse(req); err != nil {
		return model.FailedStream(ctx, model.StreamInfo{Provider: "fake", Model: "fake"}, relabelled(err, "stream"))
	}
	return l.wrapper.Stream(ctx, req)
}

func (l *limiter) CountTokens(ctx context.Context, req *model.Request) (int, error) {
	if !l.caps.TokenCounting {
		return 0, &model.Error{Kind: model.ErrUnsupported, Message: "no counting"}
	}
	return l.wrapper.CountTokens(ctx, req)
}

func relabelled(err error, op string) error {
	e := *probe.AsError(err)
	e.Provider, e.Op, e.Model = "fake", op, "fake"
	return &e
}

// mutants returns all of them.
func mutants() []mutant {
	return slices.Concat(basicsMutants(), streamingMutants(), toolsMutants(), thinkingMutants(), cachingMutants(),
		multimodalMutants(), structuredMutants(), errorsMutants(), cancellationMutants(), concurrencyMutants(),
		serialisationMutants(), recordingsMutants(), largeMutants(), partMutants(), historyMutants(), wishMutants(), detailMutants(), cornerMutants(), ruleMutants())
}

// failing runs cases on a subject, each in a bubble, and returns those that
// fail with their symptoms: all cases, unless only some are named.
func failing(t *testing.T, s Subject, seams probe.Seams, only ...ID) map[ID]string {
	failed := map[ID]string{}
	r := runner{subject: &s, seams: seams, t: t}
	for _, c := range allCases() {
		if len(only) > 0 && !slices.Contains(only, c.ID) {
			continue
		}
		if res := r.run(c); res.Status == Failed {
			failed[c.ID] = strings.Join(res.Failure.Symptoms, "\n")
		}
	}
	return failed
}

// full says that every mutant meets every case, and every oddity. Without,
// every case has a mutant all the same, which it must find. One of forty of
// these meets all the other cases as well, and one oddity of six is tried. The
// race detector is slow: under it no mutant meets more, and one oddity of twenty
// is tried.
var full = os.Getenv("CHATMODEL_FULL") == "1" && !raceDetector

// heavy are the cases that move megabytes.
var heavy = []ID{"BAS-43", "TOL-34", "MUL-17"}

// lightCases returns all cases but the heavy ones, which mutants that they are
// not about need not meet.
func lightCases(kills []ID) []ID {
	var all []ID
	for _, c := range allCases() {
		if !slices.Contains(heavy, c.ID) || slices.Contains(kills, c.ID) {
			all = append(all, c.ID)
		}
	}
	return all
}

// sampled returns so many of the mutants that every case must find one of them,
// and a few besides.
func sampled(all []mutant) (some []mutant) {
	covered := map[ID]bool{}
	for i, m := range all {
		take := i%16 == 0
		for _, id := range m.kills {
			take = take || !covered[id]
		}
		if !take {
			continue
		}
		some = append(some, m)
		for _, id := range m.kills {
			covered[id] = true
		}
	}
	return some
}

func uniqueNames(all []mutant) map[string]bool {
	names := map[string]bool{}
	for _, m := range all {
		names[m.name] = true
	}
	return names
}

func isLight(id ID) bool { return !slices.Contains(heavy, id) }

// TestMutants runs the suite on models that are broken on purpose. Each must be
// found by the cases about its fault, and by none where the fault does not
// show.
func TestMutants(t *testing.T) {
	all := mutants()
	if names := len(uniqueNames(all)); names != len(all) {
		t.Errorf("%d mutants have %d names", len(all), names)
	}
	if !full {
		all = sampled(all)
	}
	var mu sync.Mutex
	ran := 0
	killed := map[string]bool{}
	covered := map[ID]bool{}
	t.Run("zoo", func(t *testing.T) {
		for i, m := range all {
			t.Run(m.name, func(t *testing.T) {
				t.Parallel()
				if raceDetector && m.racy {
					t.Skip("the race detector would find this one first")
				}
				if raceDetector && !slices.ContainsFunc(m.kills, isLight) {
					t.Skip("it shows in megabytes, which take the race detector long")
				}
				only := lightCases(m.kills)
				if !full && (raceDetector || i%40 != 0) || m.wire != nil { // a wire of text keeps few rules
					only = m.kills
				}
				dead := judge(t, &m, failing(t, m.subject(), m.seams, only...))
				mu.Lock()
				defer mu.Unlock()
				if ran++; dead {
					killed[m.name] = true
					for _, id := range m.kills {
						covered[id] = true
					}
				}
			})
		}
	})
	if ran == len(all) && !raceDetector { // not if -run chose some
		for _, c := range allCases() {
			if !covered[c.ID] {
				t.Errorf("no mutant is killed by %s %s/%s; add one to %sMutants", c.ID, c.Group, c.Name, c.Group)
			}
		}
	}
	fmt.Printf("mutants killed: %d of %d\n", len(killed), ran)
	if len(killed) != ran {
		t.Errorf("%d mutants live", ran-len(killed))
	}
}

// judge reports whether a mutant failed where it must, and only where it may.
func judge(t *testing.T, m *mutant, failed map[ID]string) bool {
	groups := map[string]bool{}
	for _, g := range m.also {
		groups[g] = true
	}
	ok := len(m.kills) > 0
	for _, id := range m.kills {
		groups[groupOf(id)] = true
		if _, dead := failed[id]; !dead {
			t.Errorf("%s passes", id)
			ok = false
		}
	}
	for _, id := range sortedIDs(failed) {
		// The law of requests is held by cases of all groups.
		if !groups[groupOf(id)] && !strings.Contains(failed[id], "conservation of the request") {
			t.Errorf("%s of another group fails as well: %s", id, failed[id])
		}
	}
	t.Logf("failed: %v", sortedIDs(failed))
	return ok && !t.Failed()
}

func sortedIDs(failed map[ID]string) []ID {
	var ids []ID
	for id := range failed {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids
}

func groupOf(id ID) string {
	for _, c := range allCases() {
		if c.ID == id {
			return c.Group
		}
	}
	return ""
}

// TestOddities runs the suite on models that are strange but keep every rule.
func TestOddities(t *testing.T) {
	all := append(oddities(), moreOddities()...)
	if len(all) < 30 {
		t.Errorf("%d oddities, want at least 30", len(all))
	}
	every := 6
	if raceDetector {
		every = 20
	}
	for i, m := range all {
		if !full && i%every != 0 {
			continue
		}
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			var only []ID // all
			if !full {
				only = lightCases(nil)
			}
			failed := failing(t, m.subject(), m.seams, only...)
			for _, id := range sortedIDs(failed) {
				t.Errorf("%s fails: %s", id, failed[id])
			}
		})
	}
}
