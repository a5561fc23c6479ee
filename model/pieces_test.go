package model

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
)

// TestPieces adds pieces of all lengths and reads the text now and then.
func TestPieces(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var p pieces
		var want strings.Builder
		looks := r.IntN(3) // never, seldom, often
		var seen []string
		for range r.IntN(60) {
			piece := strings.Repeat(string(rune('a'+r.IntN(26))), r.IntN([]int{20, 700, 3000}[r.IntN(3)]))
			p.add(piece)
			want.WriteString(piece)
			if looks > 0 && r.IntN(4/looks) == 0 {
				got := p.join()
				if got != want.String() {
					t.Fatalf("the text so far has %d bytes, want %d", len(got), want.Len())
				}
				seen = append(seen, got)
			}
		}
		for range 2 { // joined once, and as it was joined
			if p.join() != want.String() {
				t.Fatal("the text is not that of its pieces")
			}
		}
		for _, s := range seen {
			if !strings.HasPrefix(want.String(), s) {
				t.Fatal("a text that was handed out has changed")
			}
		}
	}
}

// TestPiecesAreCopiedTwice bounds the bytes allocated for a text, also if it is
// read after each piece.
func TestPiecesAreCopiedTwice(t *testing.T) {
	for _, size := range []int{8, 100, 1 << 10, 10 << 10} {
		piece := strings.Repeat("x", size)
		cost := func(look bool) float64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			var p pieces
			for range 1 << 20 / size {
				p.add(piece)
				if look {
					p.join()
				}
			}
			p.join()
			runtime.ReadMemStats(&after)
			return float64(after.TotalAlloc-before.TotalAlloc) / (1 << 20)
		}
		if got := min(cost(false), cost(false)); got > 2.3 {
			t.Errorf("pieces of %d bytes cost %.2f bytes a byte, want 2.3 at most", size, got)
		}
		if got := min(cost(true), cost(true)); got > 8 {
			t.Errorf("looked at after each piece of %d bytes, they cost %.2f bytes a byte, want 8 at most", size, got)
		}
	}
}
