package rules

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// A Wording is the seed of a choice among the ways in which the service was
// seen to word its refusals: with and without what introduces a model's words,
// with one quotation mark or another, with the name of a field as Converse or
// as the model has it. Zero says everything in the usual way. The words
// that tell what is wrong are the service's in every one. Equal seeds choose
// equally.
type Wording uint64

// wrappings are what the service was seen to put around a model's words. They
// hold for Converse and, without the first, for InvokeModel.
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

// say writes a text in one of its wordings.
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

// quote writes names between other quotation marks.
func (w Wording) quote(t *Text, message string) string {
	marks := []string{"`", "'", `"`}
	mark := marks[w.choose(t, "quote", len(marks))]
	if strings.Contains(message, "signature") || strings.Contains(message, "`thinking` or") {
		return message
	}
	return strings.ReplaceAll(message, "`", mark)
}

// spell writes the names of fields in one way or the other.
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

// choose picks one of n, the same for the same seed, text and question.
func (w Wording) choose(t *Text, question string, n int) int {
	h := fnv.New64a()
	fmt.Fprintf(h, "%d\x00%s\x00%s", w, t.Form, question)
	return int((h.Sum64() >> 7) % uint64(n))
}
