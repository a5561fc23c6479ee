package plan

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// callText puts a call in words.
func callText(name string, input []byte, invalid string) string {
	args := invalid
	if args == "" {
		args = "{}"
		if len(input) > 0 {
			args = string(input)
		}
	}
	return fmt.Sprintf("(tool call: %s %s)", name, args)
}

// resultText adds a result in words. Files in it stay what they are.
func (p *planner) resultText(field string, last bool, parts []model.Part, isError bool) {
	var words []string
	for k, q := range parts {
		switch q := q.(type) {
		case model.Text:
			words = append(words, string(q))
		case model.JSON:
			words = append(words, string(q))
		case model.SearchResult:
			words = append(words, searchText(q))
		case model.Opaque:
			p.drop("", at(field+".parts", k), "a block of kind %q has no form in words", q.Kind)
		}
	}
	label := "tool result"
	if isError {
		label = "tool error"
	}
	p.addText(field, fmt.Sprintf("(%s: %s)", label, strings.Join(words, "\n")))
	for k, q := range parts {
		switch q.(type) {
		case model.Image, model.Document, model.Video, model.Audio:
			p.file(at(field+".parts", k), p.talk.role, last, q)
		}
	}
}

// searchText puts a search result in words.
func searchText(q model.SearchResult) string {
	words := make([]string, 0, len(q.Content)+1)
	if head := strings.TrimSpace(q.Title + " " + q.Source); head != "" {
		words = append(words, head)
	}
	return "(search result: " + strings.Join(append(words, q.Content...), "\n") + ")"
}
