package bedrock_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/model"
)

const (
	historySeeds   = 1000 // different conversations
	historiesOf    = 40   // of those that each model has
	historiesEach  = 20   // of those that each pair of models is tried with
	historiesTried = 620  // in a sample of all pairs
)

// TestAnyHistory sends histories that one model has made to every other one.
// Each must be accepted by the strict server, or refused before it is sent for
// a reason that the table of package bedrock gives. Nothing may be lost without
// a warning.
func TestAnyHistory(t *testing.T) {
	all := subjects()
	trials := sampled(len(all))
	if full() {
		trials = everyPair(len(all))
	}
	var sum tallied
	var work sync.WaitGroup
	next := make(chan []trial)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() {
			b := newBench()
			for batch := range next {
				sum.add(b.try(all, batch))
			}
		})
	}
	for _, batch := range trials {
		next <- batch
	}
	close(next)
	work.Wait()
	for _, f := range sum.faults {
		t.Error(f)
	}
	t.Logf("histories: %d of %d accepted, %d refused by rule, %d silent", sum.accepted, sum.tried, sum.refused, sum.silent)
	t.Logf("%d models by their doors; the models gave %d answers of the histories themselves, %d stand for those that they could not give", len(all), sum.made, sum.other)
	if sum.accepted+sum.refused != sum.tried || sum.silent != 0 {
		t.Errorf("%d of %d were accepted or refused by rule, want all, and none silent", sum.accepted+sum.refused, sum.tried)
	}
	if sum.accepted < sum.tried/2 || sum.made < sum.other {
		t.Errorf("%d of %d accepted, %d answers against %d: too few to say anything", sum.accepted, sum.tried, sum.made, sum.other)
	}
}

// A trial sends one history of a model to another one.
type trial struct {
	from, to int // of the subjects
	history  int
}

// everyPair returns all trials, those of one maker of histories together.
func everyPair(n int) [][]trial {
	batches := make([][]trial, n)
	for from := range n {
		for to := range n {
			for k := range historiesEach {
				batches[from] = append(batches[from], trial{from, to, (to*7 + k) % historiesOf})
			}
		}
	}
	return batches
}

// sampled returns some trials: each subject is in some as the first and as the
// second.
func sampled(n int) [][]trial {
	tried := historiesTried
	if raceEnabled {
		tried /= 8 // there it takes ten times as long
	}
	g := rand.New(rand.NewPCG(1, 2))
	batches := make([][]trial, n)
	for from := range n {
		for range (tried + n - 1) / n {
			to := (from*31 + len(batches[from])*17 + g.IntN(n)) % n
			batches[from] = append(batches[from], trial{from, to, g.IntN(3)})
		}
	}
	return batches
}

// A tallied is what became of trials.
type tallied struct {
	mu                               sync.Mutex
	tried, accepted, refused, silent int
	made, other                      int
	faults                           []string
}

func (a *tallied) add(b *tallied) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.tried, a.accepted, a.refused, a.silent = a.tried+b.tried, a.accepted+b.accepted, a.refused+b.refused, a.silent+b.silent
	a.made, a.other = a.made+b.made, a.other+b.other
	if len(a.faults) < 30 {
		a.faults = append(a.faults, b.faults...)
	}
}

// fault notes a failure, of each kind a few.
func (a *tallied) fault(format string, args ...any) {
	if len(a.faults) < 5 {
		a.faults = append(a.faults, fmt.Sprintf(format, args...))
	}
}

// try makes trials with histories of one model.
func (b *bench) try(all []subject, batch []trial) *tallied {
	var sum tallied
	histories := map[int]*history{}
	for i, tr := range batch {
		from, to := all[tr.from], all[tr.to]
		seed := uint64((tr.from*historiesOf + tr.history*29) % historySeeds)
		h := histories[tr.history]
		if h == nil {
			var err error
			if h, err = b.tell(from, seed); err != nil {
				sum.tried++
				sum.fault("%v, history %d, in the making: %v\n%s", from, seed, err, b.body)
				continue
			}
			histories[tr.history] = h
			sum.made, sum.other = sum.made+h.made, sum.other+h.other
		}
		sum.tried++
		before := ""
		if i%10 == 0 {
			before = inJSON(h.req)
		}
		stream := i%2 == 1
		resp, err := b.ask(to, h.req, stream, model.Text("ok"))
		if before != "" && inJSON(h.req) != before {
			sum.fault("%v to %v, history %d: the request was modified", from, to, seed)
		}
		switch {
		case err == nil:
			if lost := conformance.CheckWire(h.req, b.body, resp.Warnings); lost != nil {
				sum.silent++
				sum.fault("%v to %v, history %d: %v\nwarnings: %v\nrequest: %s\nbody: %s", from, to, seed, lost, resp.Warnings, inJSON(h.req), b.body)
				continue
			}
			sum.accepted++
		case b.body != nil:
			sum.fault("%v to %v, history %d, stream %t: the server: %v\nrequest: %s\nbody: %s", from, to, seed, stream, err, inJSON(h.req), b.body)
		default:
			if why := againstRule(to, h.req, err); why != "" {
				sum.fault("%v to %v, history %d: %s\n%v", from, to, seed, why, err)
				continue
			}
			sum.refused++
		}
	}
	return &sum
}

func inJSON(req *model.Request) string {
	data, _ := json.Marshal(req)
	return string(data)
}

// againstRule says what of a refusal the table does not give, nothing if all of
// it is in the table: files of the user's last turn, and tools, that the model
// or its format has no place for.
func againstRule(to subject, req *model.Request, err error) string {
	if model.KindOf(err) != model.ErrUnsupported {
		return "the kind is not unsupported"
	}
	report, vetErr := bedrock.Vet(to.id, req, &bedrock.Options{Format: to.format, FillResults: true})
	if vetErr != nil {
		return vetErr.Error()
	}
	f := facts.Lookup(to.id)
	for _, finding := range report.Findings {
		switch {
		case finding.Kind == "":
		case finding.Kind != model.ErrUnsupported:
			return "a refusal of kind " + string(finding.Kind)
		case finding.Field == "tools" && len(req.Tools) > 0 && (f.Tools.Use.No() || isPrompt(report.Door)):
		case lastFile(req, finding.Field):
		default:
			return "no rule refuses " + finding.Field
		}
	}
	if !report.Refused() {
		return "Vet would send it"
	}
	return ""
}

// isPrompt reports whether a door has nothing but text.
func isPrompt(door string) bool {
	return strings.HasPrefix(door, "invoke ") && !slices.Contains([]string{"invoke anthropic", "invoke openai"}, door)
}

// lastFile reports whether a field is a file of the user's last turn, or of a
// result in it.
func lastFile(req *model.Request, field string) bool {
	i, j, k := -1, -1, -1
	n, _ := fmt.Sscanf(field, "messages[%d].parts[%d].parts[%d]", &i, &j, &k)
	if n < 2 || i >= len(req.Messages) || slices.ContainsFunc(req.Messages[i:], func(m model.Message) bool { return m.Role == model.RoleAssistant }) {
		return false
	}
	p := req.Messages[i].Parts[j]
	if r, ok := p.(model.ToolResult); ok && n == 3 {
		p = r.Parts[k]
	}
	switch p.(type) {
	case model.Image, model.Document, model.Video, model.Audio:
		return true
	}
	return false
}
