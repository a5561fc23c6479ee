package mutate_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/internal/mutate"
	"github.com/chatmodel-go/chatmodel/internal/mutate/fault"
)

// places are the faults of testdata/sums, by their kinds and code.
const places = `
condition negated | name == ""
!= for == | name == ""
statement left out | name = "sum"
text lost | "sum"
field not set | name
condition negated | n < 0 || n > most
&& for || | n < 0 || n > most
left side forgotten | n < 0 || n > most
right side forgotten | n < 0 || n > most
<= for < | n < 0
number off by one | 0
>= for > | n > most
statement left out | continue
statement left out | s.Total += n - 2
+ for - | n - 2
number off by one | 2
error swallowed | check(s, true)
true for false | true
condition negated | strict && s.Total == 0
|| for && | strict && s.Total == 0
left side forgotten | strict && s.Total == 0
right side forgotten | strict && s.Total == 0
!= for == | s.Total == 0
number off by one | 0
statement left out | err = errEmpty
error swallowed | err
result negated | s.Total%2 == 0
!= for == | s.Total%2 == 0
number off by one | 2
number off by one | 0
`

const (
	root = "../.."
	sums = "./internal/mutate/testdata/sums"
)

func load(t *testing.T) *mutate.Set {
	t.Helper()
	set, err := mutate.Load(root, []string{sums}, func(file string) bool { return filepath.Base(file) == "sums.go" })
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestKinds(t *testing.T) {
	set := load(t)
	var got, want []string
	for _, f := range set.Faults() {
		got = append(got, f.Kind+" | "+f.Code)
	}
	for line := range strings.Lines(places) {
		if line = strings.TrimSpace(line); line != "" {
			want = append(want, line)
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("faults\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSampleIsTheSeeds(t *testing.T) {
	set := load(t)
	names := func(seed uint64) (all []string) {
		lines := map[int]bool{}
		for i, f := range set.Sample(8, seed) {
			if f.N != i+1 || lines[f.Line] {
				t.Errorf("fault %v has not the number %d, or not a line of its own", f, i+1)
			}
			lines[f.Line] = true
			all = append(all, f.String())
		}
		return all
	}
	if a, b := names(1), names(1); len(a) != 8 || !slices.Equal(a, b) {
		t.Errorf("seed 1 draws %q and %q", a, b)
	}
	if slices.Equal(names(1), names(2)) {
		t.Error("two seeds draw the same")
	}
}

// harmless are the faults of testdata/sums that main does not show: it adds up
// no number that lies on the lower bound.
var harmless = []string{"Add | <= for < | n < 0", "Add | number off by one | 0"}

// TestOverlay compiles all faults at once, switches each on, and checks that it
// changes the output.
func TestOverlay(t *testing.T) {
	set := load(t)
	faults := set.Faults()
	for i := range faults {
		faults[i].N = i + 1
	}
	tmp := t.TempDir()
	if err := set.Overlay(tmp, faults); err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(tmp, "sums.exe")
	build := exec.Command("go", "build", "-overlay", filepath.Join(tmp, "overlay.json"), "-o", binary, sums)
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	output := func(mode string) string {
		cmd := exec.Command(binary)
		cmd.Env = append(os.Environ(), fault.Variable+"="+mode)
		out, err := cmd.CombinedOutput()
		return fmt.Sprint(string(out), err)
	}
	right := output("0")
	if !strings.HasPrefix(right, "{sum -1} <nil> false <nil>\n") || output("") != right || output("trace") != right {
		t.Fatalf("without a fault it prints\n%s", right)
	}
	for _, f := range faults {
		got := output(strconv.Itoa(f.N))
		if slices.Contains(harmless, f.Func+" | "+f.Kind+" | "+f.Code) != (got == right) {
			t.Errorf("with %v it prints\n%s", f, got)
		}
	}
}
