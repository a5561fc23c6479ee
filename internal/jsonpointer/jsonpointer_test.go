package jsonpointer_test

import (
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/jsonpointer"
)

// The pointers of RFC 6901, section 5, and what they lead through.
func TestNames(t *testing.T) {
	for pointer, want := range map[string][]string{
		"": nil, "/foo": {"foo"}, "/foo/0": {"foo", "0"}, "/": {""}, "/a~1b": {"a/b"}, "/c%d": {"c%d"}, "/ ": {" "},
		"/m~0n": {"m~n"}, "/~01": {"~1"}, "/x//y": {"x", "", "y"},
	} {
		if got := slices.Collect(jsonpointer.Names(pointer)); !slices.Equal(got, want) {
			t.Errorf("Names(%q) = %q, want %q", pointer, got, want)
		}
	}
}

func TestEscape(t *testing.T) {
	for name, want := range map[string]string{"a": "a", "a/b": "a~1b", "m~n": "m~0n", "~1": "~01", "~/": "~0~1"} {
		if got := jsonpointer.Escape(name); got != want {
			t.Errorf("Escape(%q) = %q, want %q", name, got, want)
		}
		if got := jsonpointer.Unescape(want); got != name {
			t.Errorf("Unescape(%q) = %q, want %q", want, got, name)
		}
	}
}
