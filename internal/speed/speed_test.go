package main

import (
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if os.Getenv(startOnly) != "" {
		return
	}
	os.Exit(m.Run())
}

// TestRows does the work of every row once, and that of its reference.
func TestRows(t *testing.T) {
	for _, r := range rows {
		t.Run(r.work, func(t *testing.T) {
			figures, err := r.measure(&lab{rounds: 1})
			if err != nil {
				t.Fatal(err)
			}
			if len(figures) == 0 {
				t.Error("the row has no figures")
			}
		})
	}
}

// BenchmarkRows reports the figures of every row.
func BenchmarkRows(b *testing.B) {
	for _, r := range rows {
		b.Run(r.work, func(b *testing.B) {
			var figures []figure
			for b.Loop() {
				var err error
				if figures, err = r.measure(&lab{sample: sample, rounds: rounds}); err != nil {
					b.Fatal(err)
				}
			}
			for _, f := range figures {
				b.ReportMetric(f.value, strings.ReplaceAll(f.unit, " ", "-"))
			}
		})
	}
}
