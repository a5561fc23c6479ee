package bedrock_test

import (
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// update is for changes that are meant:
//
//	go test ./bedrock -run Goldens -update
//	git diff bedrock/testdata/goldens
//
// Each line of that diff is a change of what a user's request becomes on the
// wire, or of what an error says, and has to be named in the commit that makes
// it.
var update = flag.Bool("update", false, "write the files under testdata/goldens anew")

const goldenHead = "# Written by: go test ./bedrock -run Goldens -update\n"

// full says that every case of the slow goldens and proofs is made.
func full() bool { return os.Getenv("CHATMODEL_FULL") != "" || *update }

// inSample reports whether the i-th case of a slow golden is made: with
// CHATMODEL_FULL=1 every one, without it one of nine.
func inSample(i int) bool { return oneOf(9, i) }

// oneOf is inSample for cases of which n are too slow without CHATMODEL_FULL=1.
func oneOf(n, i int) bool { return full() || i%n == 0 }

// A block is one case of a golden file: lines, under a name that is unique in
// its file.
type block struct {
	name string
	text string // indented lines, or lines that begin with ---
}

// checkGoldens compares blocks with the golden file of the given name and
// reports every one that differs, is missing or is no longer made.
func checkGoldens(t *testing.T, name string, blocks []block) {
	t.Helper()
	compareGoldens(t, name, blocks, true)
}

// checkSample is checkGoldens for blocks that inSample chose.
func checkSample(t *testing.T, name string, blocks []block) {
	t.Helper()
	compareGoldens(t, name, blocks, full())
}

func compareGoldens(t *testing.T, name string, blocks []block, whole bool) {
	t.Helper()
	path := filepath.Join("testdata", "goldens", name+".txt")
	seen := make(map[string]bool)
	for _, b := range blocks {
		if seen[b.name] {
			t.Errorf("%s: two cases are called %q", path, b.name)
		}
		seen[b.name] = true
	}
	if *update {
		writeGoldens(t, path, blocks)
		return
	}
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s is missing; -update writes it", path)
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	stored, order := parseGoldens(t, path, string(data))
	bad := 0
	for _, b := range blocks {
		switch want, ok := stored[b.name]; {
		case !ok:
			bad++
			t.Errorf("%s: a case without a golden: %s\n%s", path, b.name, lineDiff("", b.text))
		case want != b.text:
			bad++
			t.Errorf("%s: %s\n--- golden\n+++ now\n%s", path, b.name, lineDiff(want, b.text))
		}
	}
	for _, name := range order {
		if whole && !seen[name] {
			bad++
			t.Errorf("%s: a golden without a case: %s", path, name)
		}
	}
	if bad > 0 {
		t.Errorf("%s: %d of %d cases differ; if all of that is meant: go test ./bedrock -run Goldens -update", path, bad, len(blocks))
	}
	t.Logf("%s: %d cases", path, len(blocks))
}

// withoutRace skips goldens that are slow under the race detector and have one
// goroutine at a time. They run in a step of their own.
func withoutRace(t *testing.T) {
	t.Helper()
	if raceEnabled {
		t.Skip("the race detector has nothing to find in thousands of calls, one after the other")
	}
}

// failingFast returns a function that reports whether a block differs from its
// golden and the test is run with -failfast: then a test that is slow may end
// there, and need not make the other blocks.
func failingFast(t *testing.T, name string) func(block) bool {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "goldens", name+".txt"))
	if f := flag.Lookup("test.failfast"); *update || err != nil || f.Value.String() != "true" {
		return func(block) bool { return false }
	}
	stored, _ := parseGoldens(t, name, string(data))
	return func(b block) bool {
		if stored[b.name] == b.text {
			return false
		}
		t.Errorf("%s: %s\n--- golden\n+++ now\n%s", name, b.name, lineDiff(stored[b.name], b.text))
		return true
	}
}

func writeGoldens(t *testing.T, path string, blocks []block) {
	t.Helper()
	var all strings.Builder
	all.WriteString(goldenHead)
	for _, b := range blocks {
		fmt.Fprintf(&all, "\n=== %s\n%s", b.name, b.text)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(all.String()), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s: %d cases written", path, len(blocks))
}

// parseGoldens reads what writeGoldens writes.
func parseGoldens(t *testing.T, path, text string) (stored map[string]string, order []string) {
	t.Helper()
	text = strings.ReplaceAll(text, "\r\n", "\n") // of a checkout that converts
	head, rest, _ := strings.Cut(text, "\n\n=== ")
	if head != strings.TrimSuffix(goldenHead, "\n") {
		t.Fatalf("%s does not begin with %q", path, goldenHead)
	}
	stored = make(map[string]string)
	for _, piece := range strings.Split(rest, "\n\n=== ") {
		name, text, _ := strings.Cut(piece, "\n")
		stored[name] = strings.TrimSuffix(text, "\n") + "\n"
		order = append(order, name)
	}
	return stored, order
}

// TestGoldensCompare checks that a difference of any kind is noticed.
func TestGoldensCompare(t *testing.T) {
	text := goldenHead + "\n=== a\n  1\n  2\n\n=== b\n  3\n"
	stored, order := parseGoldens(t, "x", text)
	if stored["a"] != "  1\n  2\n" || stored["b"] != "  3\n" || strings.Join(order, " ") != "a b" {
		t.Errorf("parsed %q in the order %q", stored, order)
	}
	for _, row := range []struct{ old, new, want string }{
		{"", "a\n", "+a\n"},
		{"a\nb\n", "a\n", " a\n-b\n"},
		{"1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nx\n6\n7\n8\n9\n", "@@ line 3\n 3\n 4\n-5\n+x\n 6\n 7\n"},
	} {
		if got := lineDiff(row.old, row.new); got != row.want {
			t.Errorf("lineDiff(%q, %q) = %q, want %q", row.old, row.new, got, row.want)
		}
	}
}

// lineDiff returns the lines in which two texts differ, in the way of diff -u
// with two lines around each change.
func lineDiff(old, new string) string {
	a, b := splitLines(old), splitLines(new)
	// common[i][j] is the length of the longest common subsequence of a[i:] and b[j:].
	common := make([][]int, len(a)+1)
	for i := range common {
		common[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				common[i][j] = common[i+1][j+1] + 1
			} else {
				common[i][j] = max(common[i+1][j], common[i][j+1])
			}
		}
	}
	type line struct {
		mark byte
		text string
		at   int // its line in the old text
	}
	var all []line
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			all = append(all, line{' ', a[i], i + 1})
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			all = append(all, line{'-', a[i], i + 1})
			i++
		default:
			all = append(all, line{'+', b[j], i + 1})
			j++
		}
	}
	const around = 2
	near := make([]bool, len(all))
	for n, l := range all {
		if l.mark != ' ' {
			for k := max(0, n-around); k < min(len(all), n+around+1); k++ {
				near[k] = true
			}
		}
	}
	var out strings.Builder
	for n, l := range all {
		if !near[n] {
			continue
		}
		if n > 0 && !near[n-1] {
			fmt.Fprintf(&out, "@@ line %d\n", l.at)
		}
		fmt.Fprintf(&out, "%c%s\n", l.mark, l.text)
	}
	return out.String()
}

func splitLines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// A layout puts a JSON text on lines: values of at most wide bytes stay on
// one, larger ones get a line a member. Nothing is lost by it: line breaks and
// tabs that are in the text itself are shown as ␊, ␍ and ␉. Strings of more than
// long bytes are cut to their beginning, length and SHA-256.
type layout struct {
	wide, long int
	out        strings.Builder
}

// text returns body on lines, each behind indent.
func (l layout) text(body []byte, indent string) string {
	l.out.WriteString(indent)
	l.value(string(body), indent)
	l.out.WriteByte('\n')
	return l.out.String()
}

var visible = strings.NewReplacer("\n", "␊", "\r", "␍", "\t", "␉")

func (l *layout) value(raw, indent string) {
	inner := strings.Trim(raw, " \t\r\n")
	composite := len(inner) >= 2 && (inner[0] == '{' && inner[len(inner)-1] == '}' || inner[0] == '[' && inner[len(inner)-1] == ']')
	switch {
	case len(inner) > l.long && inner[0] == '"':
		fmt.Fprintf(&l.out, "%s… %d bytes, SHA-256 %x", visible.Replace(beginning(raw, 40)), len(raw), sha256.Sum256([]byte(raw)))
	case !composite || len(raw) <= l.wide:
		l.out.WriteString(visible.Replace(raw))
	default:
		before, after, _ := strings.Cut(raw, inner)
		l.out.WriteString(visible.Replace(before) + inner[:1])
		for i, piece := range splitJSON(inner[1:len(inner)-1], ',') {
			if i > 0 {
				l.out.WriteByte(',')
			}
			l.out.WriteString("\n" + indent + "  ")
			if pair := splitJSON(piece, ':'); inner[0] == '{' && len(pair) == 2 {
				l.out.WriteString(visible.Replace(pair[0]) + ":")
				piece = pair[1]
			}
			l.value(piece, indent+"  ")
		}
		l.out.WriteString("\n" + indent + inner[len(inner)-1:] + visible.Replace(after))
	}
}

// beginning returns the first n bytes of s, or a few less so that no character
// is cut.
func beginning(s string, n int) string { return strings.ToValidUTF8(s[:min(n, len(s))], "") }

// splitJSON cuts JSON text at a separator that is in no string, object or
// array.
func splitJSON(s string, sep byte) []string {
	var all []string
	depth, from, quoted := 0, 0, false
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == sep && depth == 0:
			all = append(all, s[from:i])
			from = i + 1
		}
	}
	return append(all, s[from:])
}

// TestGoldensLayout checks that a layout shows a text as it is.
func TestGoldensLayout(t *testing.T) {
	const raw = `{"a":[1,{"b,:]":"\"x\\"}, 2.50 ],"c":"dddddddddddddddddddddddddddddddddddddddddddddddddddd","e":{}}`
	want := "  {\n    \"a\":[\n      1,\n      {\"b,:]\":\"\\\"x\\\\\"},\n       2.50 \n    ],\n    \"c\":\"ddddddddddddddddddddddddddddddddddddddd… 54 bytes, SHA-256 " +
		"dc46e48bd50caf92be6eb7df4fd41e9acadbecbdc1b6f5f7d8c47c6d6f4cd4c7,\n    \"e\":{}\n  }\n"
	got := layout{wide: 20, long: 50}.text([]byte(raw), "  ")
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(`"`+strings.Repeat("d", 52)+`"`)))
	want = strings.Replace(want, "dc46e48bd50caf92be6eb7df4fd41e9acadbecbdc1b6f5f7d8c47c6d6f4cd4c7", sum, 1)
	if got != want {
		t.Errorf("layout:\n%s\nwant\n%s", got, want)
	}
	if got, want := (layout{wide: 2, long: 50}).text([]byte("{\n\t\"a\":1}"), ""), "{\n  ␊␉\"a\":1\n}\n"; got != want {
		t.Errorf("layout = %q, want %q", got, want)
	}
}
