package facts

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// A row is what a source says of some models.
type row struct {
	of    string // a pattern, see the package doc
	grade Grade
	date  string
	text  string
	facts set
}

// A set holds values by the names of facts.
type set map[string]any

// Short words for the table.
const (
	unknown = SupportUnknown
	yes     = SupportYes
	no      = SupportNo

	probe    = GradeProbe
	docs     = GradeDocumentation
	report   = GradeReport
	inferred = GradeInferred
)

// A changed is a value that was another one before.
type changed struct {
	now    any
	since  string // the date since when
	before any
}

// A pattern is a row's pattern, read.
type pattern struct {
	of       string   // as it stands
	ids      []string // base ids; nil: by maker, line and version
	maker    string   // empty: any
	lines    []string // nil: any
	from, to version
}

// A version is a generation and a minor version, as in 4.6.
type version struct{ generation, minor int }

// newest is the version that no model reaches, for a pattern without an end.
const newest = 1 << 30

// readPattern reads a row's pattern.
func readPattern(s string) (pattern, error) {
	words := strings.Fields(s)
	p := pattern{of: s, to: version{newest, newest}}
	switch {
	case len(words) == 0:
		return p, fmt.Errorf("is empty")
	case strings.Contains(words[0], "."):
		p.ids = words
		return p, nil
	case len(words) > 3:
		return p, fmt.Errorf("%q has more than maker, line and versions", s)
	case words[0] != "*":
		p.maker = words[0]
	}
	if len(words) > 1 && words[1] != "*" {
		p.lines = strings.Split(words[1], "|")
	}
	if len(words) < 3 {
		return p, nil
	}
	from, to, between := strings.Cut(words[2], "..")
	var ok, also bool
	switch since, plus := strings.CutSuffix(from, "+"); {
	case plus && !between:
		p.from, ok = readVersion(since)
		also = true
	case between:
		p.from, ok = readVersion(from)
		ok = ok || from == ""
		p.to, also = readVersion(to)
	default:
		p.from, ok = readVersion(from)
		p.to, also = p.from, true
	}
	if !ok || !also {
		return p, fmt.Errorf("%q: %q are no versions", s, words[2])
	}
	return p, nil
}

// readVersion reads a version. One without a point is of minor version zero.
func readVersion(s string) (version, bool) {
	generation, minor, pointed := strings.Cut(s, ".")
	g, err := strconv.Atoi(generation)
	m := 0
	if err == nil && pointed {
		m, err = strconv.Atoi(minor)
	}
	return version{g, m}, err == nil
}

// less reports whether v is an earlier version than w.
func (v version) less(w version) bool {
	return v.generation < w.generation || v.generation == w.generation && v.minor < w.minor
}

// names reports whether the pattern names a model by its id.
func (p *pattern) names(base string) bool {
	for _, id := range p.ids {
		if id == base {
			return true
		}
	}
	return false
}

// matches reports whether the pattern is that of a model.
func (p *pattern) matches(id modelid.ID) bool {
	if p.ids != nil {
		return p.names(id.Base)
	}
	v := version{id.Generation, id.Minor}
	if v == (version{}) { // it does not say, as new models do
		v = version{newest, 0}
	}
	if p.maker != "" && p.maker != id.Maker || v.less(p.from) || p.to.less(v) {
		return false
	}
	if p.lines == nil {
		return true
	}
	found := false
	for _, line := range p.lines {
		line, not := strings.CutPrefix(line, "!")
		begin, any := strings.CutSuffix(line, "*")
		if line == id.Line || any && strings.HasPrefix(id.Line, begin) {
			if not {
				return false
			}
			found = true
		}
	}
	return found
}
