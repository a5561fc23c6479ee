package mutate

import (
	"cmp"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Faults returns all faults, in the order of the files. They have no numbers.
func (s *Set) Faults() []Fault { return slices.Clone(s.faults) }

// Sample draws n lines and a fault of each, all by the seed, and numbers them
// from 1 in the order of the files. If there are fewer lines it draws all.
func (s *Set) Sample(n int, seed uint64) []Fault {
	type line struct {
		file string
		at   int
	}
	byLine := map[line][]Fault{}
	var lines []line
	for _, f := range s.faults {
		l := line{f.File, f.Line}
		if byLine[l] == nil {
			lines = append(lines, l)
		}
		byLine[l] = append(byLine[l], f)
	}
	r := rand.New(rand.NewPCG(seed, 0))
	r.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	var drawn []Fault
	for _, l := range lines[:min(n, len(lines))] {
		drawn = append(drawn, byLine[l][r.IntN(len(byLine[l]))])
	}
	slices.SortFunc(drawn, func(a, b Fault) int { return a.compare(b) })
	for i := range drawn {
		drawn[i].N = i + 1
	}
	return drawn
}

// Overlay writes the files with numbered faults to a directory, and
// overlay.json, which the go command's flag -overlay takes.
func (s *Set) Overlay(dir string, faults []Fault) error {
	byFile := map[string][]Fault{}
	for _, f := range faults {
		byFile[f.File] = append(byFile[f.File], f)
	}
	replace := map[string]string{}
	for name, some := range byFile {
		f := s.files[name]
		target := filepath.Join(dir, strings.NewReplacer("/", "-").Replace(name))
		if err := os.WriteFile(target, f.with(some), 0o644); err != nil {
			return err
		}
		replace[f.path] = target
	}
	data, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "overlay.json"), data, 0o644)
}

// An insertion is text that goes into a file at a place.
type insertion struct {
	at, rank, turn int // of several at one place the lower rank comes first, and then the lower turn
	text           string
}

// with returns the file with faults in it. No line moves.
func (f *file) with(faults []Fault) []byte {
	var all []insertion
	for i, x := range faults {
		n := strconv.Itoa(x.N)
		size := x.end - x.start
		// What ends at a place comes before what begins there; of what ends
		// there the inner one first, of what begins there the outer one. Of
		// faults of the same code the first is the outermost.
		all = append(all,
			insertion{x.start, len(f.src) + 1 - size, i, strings.ReplaceAll(x.before, number, n)},
			insertion{x.end, size - len(f.src) - 1, -i, strings.ReplaceAll(x.after, number, n)})
	}
	name := f.fset.Position(f.ast.Name.End()).Offset
	all = append(all, insertion{name, 0, 0, fmt.Sprintf("; import fault_ %q", faultPath)})
	slices.SortStableFunc(all, func(a, b insertion) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.rank, b.rank), cmp.Compare(a.turn, b.turn))
	})
	var out []byte
	at := 0
	for _, ins := range all {
		out = append(append(out, f.src[at:ins.at]...), ins.text...)
		at = ins.at
	}
	return append(out, f.src[at:]...)
}

const faultPath = "github.com/chatmodel-go/chatmodel/internal/mutate/fault"
