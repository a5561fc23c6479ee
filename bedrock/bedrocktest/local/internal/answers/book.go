package answers

import (
	"regexp"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A Book holds the contents of a document of answers. It is not modified.
type Book struct {
	Name      string // of the file; empty if the book is not from a file
	Rules     []Rule
	Script    []Answer
	Otherwise Otherwise
	Source    []byte // the document

	said bool // the document has an otherwise
}

// An Otherwise says how to answer a request that nothing else answers.
type Otherwise string

// The ways to answer otherwise.
const (
	// Echo repeats the last text of the user. If the request asks for an answer
	// by a schema, or for a tool to be called, the answer satisfies the schema.
	Echo Otherwise = "echo"

	// CallTools calls every offered tool once, and answers after that; see
	// fake.Auto.
	CallTools Otherwise = "tools"

	// Refuse refuses the call. It is the default where there is a script.
	Refuse Otherwise = "refuse"
)

// A Rule is an answer, with the requests that it is for.
type Rule struct {
	Name   string
	When   When
	Times  int // how many requests it answers; zero: any number
	Answer Answer
}

// An Answer is the answer to one call, or, if it comes from a recording, the
// answers to several calls in a row.
type Answer struct{ turns []fake.Turn }

// Asked is a request as rules see it.
type Asked struct {
	Operation string // such as "ConverseStream"
	Model     string // the id in the path
	Request   *model.Request
}

// Turn returns the number of the answer in its conversation, from 1.
func (a *Asked) Turn() int {
	n := 1
	for _, m := range a.Request.Messages {
		if m.Role == model.RoleAssistant {
			n++
		}
	}
	return n
}

// Text returns the last text of the user, empty if there is none.
func (a *Asked) Text() string { return lastText(a.Request) }

func lastText(req *model.Request) string {
	for i := len(req.Messages) - 1; i >= 0; i-- {
		if m := &req.Messages[i]; m.Role == model.RoleUser && m.Text() != "" {
			return m.Text()
		}
	}
	return ""
}

// A When is a condition on requests. The zero value fits all.
type When struct {
	Operation string    // empty: any
	Model     string    // an id, in which * stands for any characters; empty: any
	Text      *Text     // of the user's last text; nil: any
	Tools     *[]string // names of which all are offered; an empty list: no tool is offered; nil: any
	Turn      int       // zero: any
	Schema    string    // a pattern with * for the name of the schema that the request asks for; empty: any request
}

// A Text is a condition on a text. One of its fields is set.
type Text struct {
	Is       *string
	Contains string
	Pattern  *regexp.Regexp
}

func (t *Text) fits(s string) bool {
	switch {
	case t.Is != nil:
		return s == *t.Is
	case t.Pattern != nil:
		return t.Pattern.MatchString(s)
	}
	return strings.Contains(s, t.Contains)
}

// Fits reports whether a request fulfils the condition.
func (w *When) Fits(a *Asked) bool {
	switch {
	case w.Operation != "" && w.Operation != a.Operation,
		w.Model != "" && !wild(w.Model, a.Model):
		return false
	case w.Text == nil && w.Tools == nil && w.Turn == 0 && w.Schema == "":
		return true
	case a.Request == nil, // the body was not understood
		w.Text != nil && !w.Text.fits(a.Text()),
		w.Turn != 0 && w.Turn != a.Turn(),
		w.Schema != "" && (a.Request.Output == nil || !wild(w.Schema, a.Request.Output.Name)):
		return false
	}
	return w.Tools == nil || offers(a.Request.Tools, *w.Tools)
}

// offers reports whether all names are among the tools. For no names it reports
// whether there are no tools.
func offers(tools []model.Tool, names []string) bool {
	if len(names) == 0 {
		return len(tools) == 0
	}
	have := map[string]bool{}
	for _, t := range tools {
		have[t.Name] = true
	}
	for _, name := range names {
		if !have[name] {
			return false
		}
	}
	return true
}

// wild reports whether s matches a pattern in which * stands for any
// characters.
func wild(pattern, s string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	if !more {
		return s == pattern
	}
	s, ok := strings.CutPrefix(s, first)
	for ok && more {
		first, rest, more = strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, first)
		}
		_, s, ok = strings.Cut(s, first)
	}
	return ok
}

// A pace describes how fast an answer arrives.
type pace struct {
	after, every time.Duration
	pieces       int
}

func (p pace) apply(t fake.Turn) fake.Turn {
	if p.after > 0 {
		t = t.After(p.after)
	}
	if p.every > 0 {
		t = t.Every(p.every)
	}
	if p.pieces > 0 {
		t = t.Pieces(p.pieces)
	}
	return t
}
