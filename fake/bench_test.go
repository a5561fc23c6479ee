package fake_test

import (
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
)

// BenchmarkGenerate and BenchmarkStream play the same answer of 200 pieces.
func BenchmarkGenerate(b *testing.B) {
	m := fake.New(fake.Text(strings.Repeat("word ", 200)).Pieces(5).Always())
	b.ReportAllocs()
	for b.Loop() {
		if _, err := m.Generate(b.Context(), hello()); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkStream(b *testing.B) {
	m := fake.New(fake.Text(strings.Repeat("word ", 200)).Pieces(5).Always())
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range m.Stream(b.Context(), hello()).Events() {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}
