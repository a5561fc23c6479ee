package lower

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// words say in a sentence what a keyword says. %s stands for its value.
var words = map[string]string{
	"minimum":           "At least %s.",
	"maximum":           "At most %s.",
	"exclusiveMinimum":  "More than %s.",
	"exclusiveMaximum":  "Less than %s.",
	"multipleOf":        "A multiple of %s.",
	"minLength":         "At least %s characters.",
	"maxLength":         "At most %s characters.",
	"pattern":           "Matches the regular expression %s.",
	"format":            "In the format %s.",
	"contentEncoding":   "Encoded in %s.",
	"contentMediaType":  "Of the media type %s.",
	"minItems":          "At least %s items.",
	"maxItems":          "At most %s items.",
	"minProperties":     "At least %s properties.",
	"maxProperties":     "At most %s properties.",
	"contains":          "Has an item that matches %s.",
	"not":               "Does not match %s.",
	"propertyNames":     "The names of the properties match %s.",
	"patternProperties": "Further properties by pattern: %s.",
	"dependentRequired": "Properties required beside others: %s.",
	"examples":          "Examples: %s.",
	"const":             "Always %s.",
	"enum":              "One of %s.",
	"allOf":             "Matches all of %s.",
	"anyOf":             "Matches at least one of %s.",
	"oneOf":             "Matches exactly one of %s.",
}

// silent are keywords that are left out without a word: they say nothing that
// a model could act on.
var silent = []string{"$schema", "$id", "$anchor", "$dynamicAnchor", "$comment", "$vocabulary", "deprecated", "readOnly", "writeOnly"}

// describe moves refused keywords into the description.
func (l *lowering) describe(s *value, path string) {
	for _, m := range slices.Clone(s.members) {
		if !l.limits.refuses(m.name) || l.stays(m) {
			continue
		}
		s.remove(m.name)
		switch {
		case slices.Contains(silent, m.name):
			continue
		case m.name == "const":
			s.set("enum", list(m.value))
			l.note(path, "const has become enum")
			continue
		case m.name == "uniqueItems":
			if m.value.is("true") {
				l.tell(s, "The items all differ.")
			}
		default:
			l.tell(s, sentence(m.name, m.value))
		}
		l.note(path, "%s is in the description", m.name)
	}
}

// stays reports whether a refused keyword may stay for its value.
func (l *lowering) stays(m member) bool {
	switch m.name {
	case "minItems":
		n, err := strconv.Atoi(string(m.value.raw))
		return err == nil && n <= l.limits.MinItems
	case "format":
		text, ok := m.value.text()
		return ok && slices.Contains(l.limits.Formats, text)
	}
	return false
}

// sentence says what a keyword says in the words of a description.
func sentence(keyword string, v *value) string {
	text, ok := v.text()
	if !ok {
		text = compact(v.bytes())
	}
	if w, ok := words[keyword]; ok {
		w = strings.Replace(w, "%s", text, 1)
		if text == "1" { // of what is counted there is one
			for _, counted := range []string{"character", "item"} {
				w = strings.Replace(w, counted+"s.", counted+".", 1)
			}
			w = strings.Replace(w, "properties.", "property.", 1)
		}
		return w
	}
	return keyword + ": " + text + "."
}

// tell adds a sentence to the description, unless it is there.
func (l *lowering) tell(s *value, sentence string) {
	old, _ := s.get("description").text()
	switch {
	case old == "":
	case strings.Contains(old, sentence):
		return
	case strings.ContainsAny(old[len(old)-1:], ".!?:;"):
		sentence = old + " " + sentence
	default:
		sentence = old + ". " + sentence
	}
	s.set("description", quoted(sentence))
}

// compact returns JSON without the space between its tokens.
func compact(raw []byte) string {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return string(raw)
	}
	return b.String()
}
