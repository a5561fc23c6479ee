package local

import (
	"fmt"
	"net/http"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/answers"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local/internal/document"
)

// An expectation is a set of calls that a test expects.
type expectation struct {
	when          answers.When
	least, most   int // most is negative if there is no limit
	times, bounds bool
	status        int // zero: any
	field         string
}

// A claim is the body of a verify call.
type claim struct {
	calls       []expectation
	inOrder     bool
	nothingElse bool
}

func readClaim(root *document.Node) (c claim, err error) {
	err = root.Members(map[string]document.Take{
		"in_order":     func(n *document.Node) (err error) { c.inOrder, err = n.Bool(); return err },
		"nothing_else": func(n *document.Node) (err error) { c.nothingElse, err = n.Bool(); return err },
		"calls": func(n *document.Node) error {
			items, err := n.Items()
			if err != nil {
				return err
			}
			for _, item := range items {
				e, err := readExpectation(item)
				if err != nil {
					return err
				}
				c.calls = append(c.calls, e)
			}
			return nil
		},
	})
	if err == nil && !root.Has("calls") {
		err = root.Problem("it has no calls; list the expected calls")
	}
	return c, err
}

func readExpectation(n *document.Node) (e expectation, err error) {
	e = expectation{least: -1, most: -1, field: n.Field}
	count := func(to *int, note *bool) document.Take {
		return func(n *document.Node) (err error) { *note = true; *to, err = n.Int(0); return err }
	}
	e.when, err = answers.ReadWhen(n, map[string]document.Take{
		"times": func(n *document.Node) error {
			err := count(&e.least, &e.times)(n)
			e.most = e.least
			return err
		},
		"at_least": count(&e.least, &e.bounds),
		"at_most":  count(&e.most, &e.bounds),
		"status":   func(n *document.Node) (err error) { e.status, err = n.Int(100); return err },
	})
	if e.least < 0 {
		e.least = 1
		if e.most >= 0 {
			e.least = 0 // at_most alone has no lower bound
		}
	}
	switch {
	case err != nil:
		return e, err
	case e.times && e.bounds:
		return e, n.Problem("times is an exact number; it excludes at_least and at_most")
	case e.most >= 0 && e.most < e.least:
		return e, n.Problem("at_most is less than at_least")
	}
	return e, nil
}

func (e *expectation) fits(c *bedrocktest.Call) bool {
	return e.when.Fits(askedBy(c)) && (e.status == 0 || e.status == c.Status)
}

// A mismatch is an expectation that was not met.
type mismatch struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// A seen is a short form of a call.
type seen struct {
	Number    int    `json:"number"`
	Operation string `json:"operation"`
	Model     string `json:"model"`
	Text      string `json:"text"`
	Status    int    `json:"status"`
}

// postVerify compares the calls with the expectations.
func postVerify(s *Server, w *world, r *http.Request) (any, *problem) {
	root, p := readDocument(r)
	if p != nil {
		return nil, p
	}
	c, err := readClaim(root)
	if err != nil {
		return nil, inDocument(err)
	}
	calls := w.current().Calls()
	problems := c.check(calls)
	asked := []seen{}
	for i := range calls {
		a := askedBy(&calls[i])
		short := seen{Number: calls[i].Number, Operation: a.Operation, Model: a.Model, Status: calls[i].Status}
		if a.Request != nil {
			short.Text = a.Text()
		}
		asked = append(asked, short)
	}
	v := map[string]any{"verified": len(problems) == 0, "problems": problems, "asked": asked}
	if len(problems) > 0 {
		return answer(func(w http.ResponseWriter) { writeJSON(w, http.StatusConflict, v) }), nil
	}
	return v, nil
}

// check returns the expectations that were not met. In order, each expectation
// takes the matching calls that follow those of the one before. Otherwise it
// takes all matching calls.
func (c *claim) check(calls []bedrocktest.Call) []mismatch {
	problems := []mismatch{}
	taken := make([]bool, len(calls))
	from := 0
	for i := range c.calls {
		e := &c.calls[i]
		n, ordered := 0, c.inOrder && e.most != 0 // a call that is not allowed is not allowed anywhere
		start := 0
		if ordered {
			start = from
		}
		for at := start; at < len(calls); at++ {
			if ordered && n >= e.least && (n == e.most || i+1 < len(c.calls) && c.calls[i+1].fits(&calls[at])) {
				break // this call belongs to the next expectation
			}
			if !e.fits(&calls[at]) {
				continue
			}
			if n, taken[at] = n+1, true; ordered {
				from = at + 1
			}
		}
		if n < e.least || e.most >= 0 && n > e.most {
			problems = append(problems, mismatch{e.field, e.miss(n, c.inOrder && i > 0)})
		}
	}
	if c.nothingElse {
		for at := range calls {
			if !taken[at] {
				problems = append(problems, mismatch{"nothing_else", fmt.Sprintf("call %d, %s of %s, is not one of the calls", calls[at].Number, calls[at].Operation, calls[at].ModelID)})
			}
		}
	}
	return problems
}

// miss returns a text with the actual and the expected number of calls.
func (e *expectation) miss(n int, behind bool) string {
	want := fmt.Sprintf("at least %d", e.least)
	switch {
	case e.least == e.most:
		want = fmt.Sprint(e.least)
	case n > e.most && e.most >= 0:
		want = fmt.Sprintf("at most %d", e.most)
	}
	where := ""
	if behind {
		where = " after the calls before it"
	}
	return fmt.Sprintf("matching calls%s: %d, want %s", where, n, want)
}
