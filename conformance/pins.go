package conformance

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/conformance/internal/show"
)

// Pins are the golden bytes of a subject: a file with a digest of every request
// that its models sent over a [Transport] and of everything that they returned,
// by case, and how often. With them [Test] fails a case that passes by its rule, and yet sends
// or returns something else than before.
//
// A case can't see what the model and its test server both get wrong, since the
// server undoes it: a member that both misspell, a place that both mistake. It
// can't see either what no rule is about. Pins show that something has changed.
// They say nothing of whether it was right before: look at the requests once, or
// hold them against recordings of the service.
//
// Pins are for a subject that is [Subject.InMemory], where the time is always the
// same. The cases of the groups cancellation and concurrency, whose outcome
// depends on what comes first, have none. [Check] does not look at them.
//
//	var repin = flag.Bool("repin", false, "write the pins anew")
//
//	subject.Pins = &conformance.Pins{File: "testdata/pins/parrot.txt", Write: *repin}
//
// A Pins may be shared by concurrent cases of one subject, not by subjects.
type Pins struct {
	// File is the path of the file. A file that does not exist has no pins, so
	// that each case which sends or returns something fails.
	File string

	// Write makes Test write the file anew, for changes that are meant. Cases
	// that do not run keep their pins.
	Write bool

	mu     sync.Mutex
	pinned map[ID][]string // digests, in order, each with how often it comes; nil until the file is read
}

// pinsHead is the first line of a file of pins.
const pinsHead = "# Digests of what was sent and returned, and how often, by case: see Pins in package conformance.\n"

// open reads the file, once.
func (p *Pins) open() error {
	if p.pinned != nil {
		return nil
	}
	data, err := os.ReadFile(p.File)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	p.pinned = map[ID][]string{}
	for lines := bufio.NewScanner(bytes.NewReader(data)); lines.Scan(); {
		if words := strings.Fields(lines.Text()); len(words) > 0 && words[0] != "#" {
			p.pinned[ID(words[0])] = words[1:]
		}
	}
	return nil
}

// compare returns how what a case saw differs from what is pinned, or pins it.
func (p *Pins) compare(c *Case, seen map[string]probe.Note) (symptoms []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.open(); err != nil {
		return []string{"the pins can't be read: " + err.Error()}
	}
	var pins []string
	whats := map[string]string{} // by pin
	for _, digest := range slices.Sorted(maps.Keys(seen)) {
		pin := fmt.Sprintf("%s*%d", digest, seen[digest].Times)
		pins, whats[pin] = append(pins, pin), seen[digest].What
	}
	want := p.pinned[c.ID]
	switch {
	case p.Write:
		p.pinned[c.ID] = pins
		return nil
	case slices.Equal(pins, want):
		return nil
	}
	missing := 0
	for _, pin := range want {
		if _, ok := whats[pin]; !ok {
			missing++
		}
	}
	symptoms = append(symptoms, fmt.Sprintf("%d of %d pinned requests and answers in %s did not come, or not as often; if that is meant, write the file anew (Pins.Write)", missing, len(want), p.File))
	for _, pin := range pins {
		if !slices.Contains(want, pin) {
			symptoms = append(symptoms, "not pinned, "+pin+": "+show.Shorten(whats[pin]))
		}
	}
	return symptoms
}

// save writes the file.
func (p *Pins) save() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b strings.Builder
	b.WriteString(pinsHead)
	for _, c := range allCases() {
		if pins := p.pinned[c.ID]; len(pins) > 0 {
			fmt.Fprintf(&b, "%s %s\n", c.ID, strings.Join(pins, " "))
		}
	}
	if err := os.MkdirAll(filepath.Dir(p.File), 0o755); err != nil {
		return err
	}
	return os.WriteFile(p.File, []byte(b.String()), 0o644)
}

// pinned reports whether what a case sees depends on the subject alone.
func (c *Case) pinned() bool { return c.Group != "cancellation" && c.Group != "concurrency" }
