package refusal

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/facts"
)

// A Lesson is what a refusal teaches about the model.
type Lesson struct {
	// Fact names the fact, such as "sampling.temperature".
	Fact string

	// Field is the neutral field of the request that asked for what was refused,
	// such as "temperature".
	Field string

	// Content says that what was refused is the caller's content, which is
	// never sent in another form: the lesson is good for a better error alone.
	Content bool

	// Learn changes the fact. It replaces slices and writes to none.
	Learn func(f *facts.Facts)
}

// Read returns what a refusal teaches, best first; none if the text is not
// recognised. Status and text are those of the service's error.
func Read(status int, text string) []Lesson {
	text = unwrap(text)
	for _, p := range patterns() {
		if p.status != status {
			continue
		}
		if m := p.expr.FindStringSubmatch(text); m != nil {
			return p.lessons(m)
		}
	}
	return nil
}

// unwrap takes off what the service puts around the words of a model, in any
// order and more than once.
func unwrap(text string) string {
	text = strings.TrimSpace(text)
	for {
		before := text
		for _, prefix := range []string{
			"The model returned the following errors: ",
			"Malformed input request: ",
			"ValidationException: ",
			"Invalid request: ",
		} {
			text = strings.TrimPrefix(text, prefix)
		}
		text = strings.TrimSuffix(strings.TrimSuffix(text, "."), ", please reformat your input and try again")
		if text == before || text+"." == before {
			return before
		}
	}
}

// A pattern is one way in which the service words a refusal.
type pattern struct {
	status  int
	expr    *regexp.Regexp
	lessons func(m []string) []Lesson
}

// says makes a pattern of a refused request. Names in the expression stand for
// what varies: Q is a quote, END what may follow a sentence, ON where the
// refused thing stands.
func says(expr string, lessons func(m []string) []Lesson) pattern {
	return saysWith(400, expr, lessons)
}

// saysWith is says for a refusal with another status than 400.
func saysWith(status int, expr string, lessons func(m []string) []Lesson) pattern {
	expr = strings.NewReplacer(
		"Q", "[`'\"]?",
		"DOESNT", `(?:doesn['’]t|does not)`,
		"ISNT", `(?:isn['’]t|is not|are not)`,
		"END", `(?: for (?:this|the requested) model)?(?:[.!](?: [A-Z][^\n]{0,200})?)?`,
	).Replace(expr)
	return pattern{status, regexp.MustCompile(`^(?:` + expr + `)$`), lessons}
}

// teaches is for patterns that always teach the same.
func teaches(all ...Lesson) func([]string) []Lesson {
	return func([]string) []Lesson { return all }
}

// byName is for patterns whose first group names a parameter.
func byName(known map[string]Lesson) func([]string) []Lesson {
	return func(m []string) []Lesson {
		if l, ok := known[m[1]]; ok {
			return []Lesson{l}
		}
		return nil
	}
}

// atoi returns a number that a pattern has found, zero if it is too large.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
