// Package names makes the names in a request legal: those of tools and
// documents, and the ids of calls.
//
// The new name depends only on the name and on the names before it. So a
// conversation keeps its names as it grows, and with them its cached prefix.
package names

import (
	"path"
	"strings"
)

// Max is the service's limit for the names of tools and the ids of calls, in
// characters.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html
const Max = 64

// maxDocument is the service's limit for the names of documents, in characters.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html
const maxDocument = 200

// Legal reports whether a name is of the letters that the service takes. Its
// length is not looked at.
func Legal(name string) bool {
	for _, c := range name {
		if !isLegal(c) {
			return false
		}
	}
	return name != ""
}

func isLegal(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

// legalize replaces what is not legal in a name or an id.
func legalize(s string) string {
	return strings.Map(func(c rune) rune {
		if isLegal(c) {
			return c
		}
		return '_'
	}, s)
}

// Label returns the name of a tool in the history, where it is no more than a
// label, in a form that the service takes.
func Label(name string) string {
	if len(name) <= Max && Legal(name) {
		return name
	}
	if legal := cut(legalize(name), Max); legal != "" {
		return legal
	}
	return "unnamed"
}

// Document returns the name of a document in a form that the service takes. An
// extension that repeats the format goes.
func Document(name, format string) string {
	if ext := path.Ext(name); strings.EqualFold(ext, "."+format) {
		name = strings.TrimSuffix(name, ext)
	}
	var b strings.Builder
	for _, c := range name {
		switch {
		case isLegal(c), strings.ContainsRune("()[]", c):
			b.WriteRune(c)
		case strings.ContainsRune(" \t\r\n", c):
			b.WriteByte(' ')
		default:
			b.WriteByte('-')
		}
	}
	legal := strings.Join(strings.Fields(b.String()), " ") // single spaces
	if strings.Trim(legal, "- ") == "" {
		legal = "document"
	}
	return strings.TrimSpace(cut(legal, maxDocument))
}

// cut returns at most the first limit bytes of s, which is legal and so of
// ASCII.
func cut(s string, limit int) string {
	if len(s) > limit {
		return s[:limit]
	}
	return s
}
