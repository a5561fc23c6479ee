package rules

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// A Wording is a seed that chooses among the wordings that the service was seen
// to use: with or without an introduction to the model's words, with one
// quotation mark or another, with Converse's name of a field or the model's.
// The words that state the problem are the service's in each of them. Zero
// chooses the usual wording. Equal seeds choose equally.
type Wording uint64

// wrappings are the texts that the service was seen to put around a model's
// words. They apply to Converse and, except for the first, to InvokeModel.
var wrappings = []string{
	passedOn + "%s",
	"%s",
	"Malformed input request: %s, please reformat your input and try again.",
	passedOn + "Malformed input request: %s, please reformat your input and try again.",
}

// spellings are the two names of a field, Converse's and the models'.
var spellings = [][2]string{
	{"inferenceConfig.maxTokens", "max_tokens"}, {"inferenceConfig.temperature", "temperature"}, {"inferenceConfig.topP", "top_p"},
	{"toolConfig.toolChoice", "tool_choice"}, {"outputConfig.textFormat", "output_config.format"}, {"topP", "top_p"},
	{"toolChoice", "tool_choice"}, {"stopSequences", "stop_sequences"},
}

// say formats a text in one of its wordings.
func (w Wording) say(in *Input, t *Text, args []any) string {
	if w == 0 {
		return in.plain(t, args)
	}
	form := t.Form
	if in.Door == Invoke && t.Native != "" {
		form = t.Native
	}
	if forms := append([]string{form}, t.Others...); len(forms) > 1 {
		form = forms[w.choose(t, "form", len(forms))]
	}
	message := fmt.Sprintf(form, args...)
	message = w.quote(t, message)
	message = w.spell(t, message)
	if !t.Model {
		return message
	}
	wrap := wrappings
	switch {
	case strings.HasPrefix(message, "Malformed"):
		wrap = wrappings[:2]
	case in.Door == Invoke:
		wrap = wrappings[1:3]
	}
	return fmt.Sprintf(wrap[w.choose(t, "wrapping", len(wrap))], strings.TrimSuffix(message, "."))
}

// quote replaces the quotation marks around names.
func (w Wording) quote(t *Text, message string) string {
	marks := []string{"`", "'", `"`}
	mark := marks[w.choose(t, "quote", len(marks))]
	if strings.Contains(message, "signature") || strings.Contains(message, "`thinking` or") {
		return message
	}
	return strings.ReplaceAll(message, "`", mark)
}

// spell replaces the names of fields by Converse's or the model's.
func (w Wording) spell(t *Text, message string) string {
	if w.choose(t, "spelling", 2) == 0 {
		return message
	}
	for _, s := range spellings {
		if strings.Contains(message, s[0]) {
			return strings.ReplaceAll(message, s[0], s[1])
		}
	}
	return message
}

// choose returns a number below n. It is the same for the same seed, text and
// question.
func (w Wording) choose(t *Text, question string, n int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%s", w, t.Form, question)
	return int((h.Sum64() >> 7) % uint64(n))
}
