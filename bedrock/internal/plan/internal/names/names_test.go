package names_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/plan/internal/names"
)

func TestLabel(t *testing.T) {
	for name, want := range map[string]string{
		"look_up-2":             "look_up-2",
		"a.b":                   "a_b",
		"f g":                   "f_g",
		"ä":                     "_",
		"":                      "unnamed",
		strings.Repeat("a", 64): strings.Repeat("a", 64),
		strings.Repeat("b", 65): strings.Repeat("b", 64),
	} {
		if got := names.Label(name); got != want {
			t.Errorf("Label(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestDocument(t *testing.T) {
	for _, row := range [][3]string{
		{"report.pdf", "pdf", "report"},
		{"report.PDF", "pdf", "report"},
		{"report.pdf", "csv", "report-pdf"},
		{" a \n b ", "txt", "a b"},
		{"[draft] (2)", "txt", "[draft] (2)"},
		{"..", "txt", "document"},
		{"", "txt", "document"},
		{strings.Repeat("x", 199) + " y", "txt", strings.Repeat("x", 199)},
	} {
		if got := names.Document(row[0], row[1]); got != row[2] {
			t.Errorf("Document(%q, %q) = %q, want %q", row[0], row[1], got, row[2])
		}
	}
}

func TestIDs(t *testing.T) {
	ids := names.NewIDs("", 0)
	long := strings.Repeat("x", 70)
	given := []string{"c1", "c1", "", "", "call_1|fc_2", "a b", "a_b", long, long + "y", "c1_2"}
	seen := map[string]bool{}
	legal := regexp.MustCompile(`^[a-zA-Z0-9_-]{1,64}$`)
	for i, id := range given {
		got := ids.Give(id)
		if seen[got] || !legal.MatchString(got) {
			t.Errorf("%d: Give(%q) = %q, which is taken or not legal", i, id, got)
		}
		seen[got] = true
	}
	if !seen["c1"] || !seen["c1_2"] || !seen["a_b"] {
		t.Errorf("legal ids did not stay what they are: %v", seen)
	}

	// A conversation that has grown keeps the ids that it had.
	first, later := names.NewIDs("", 0), names.NewIDs("", 0)
	for range 2 {
		for _, id := range given[:4] {
			if a, b := first.Give(id), later.Give(id); a != b {
				t.Errorf("Give(%q) = %q and %q", id, a, b)
			}
		}
	}
}

func TestIDsOfPattern(t *testing.T) {
	ids := names.NewIDs("[a-zA-Z0-9_.:-]+", 0)
	if got := ids.Give("functions.ok:0"); got != "functions.ok:0" {
		t.Errorf("a legal id became %q", got)
	}
}

func TestUnique(t *testing.T) {
	u := names.Documents()
	long := strings.Repeat("x", 200)
	for _, want := range []string{long, strings.Repeat("x", 196) + " (2)", strings.Repeat("x", 196) + " (3)"} {
		if got := u.Give(long); got != want {
			t.Errorf("Give = %q, want %q", got, want)
		}
	}
}
