package load

import (
	"bytes"
	"fmt"
	"text/tabwriter"
)

// String returns the report as text. It has a column for each model, and one
// for all of them if there are several.
func (r *Report) String() string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "seed %d, %.1f s\n\n", r.Seed, r.Elapsed)
	columns := r.Models
	if len(columns) != 1 {
		columns = append([]ModelStats{{"all", r.Total}}, columns...)
	}
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	line := func(name string, cell func(*Stats) string) {
		fmt.Fprint(w, name)
		for i := range columns {
			fmt.Fprint(w, "\t", cell(&columns[i].Stats))
		}
		fmt.Fprintln(w)
	}
	for i := range columns {
		fmt.Fprint(w, "\t", columns[i].Model)
	}
	fmt.Fprintln(w)
	line("attempts", func(s *Stats) string { return fmt.Sprintf("%d (%d retries)", s.Attempts, s.Retries) })
	line("answered", func(s *Stats) string { return fmt.Sprintf("%d (%.3f a second)", s.Answered, s.Goodput) })
	line("throttled", func(s *Stats) string {
		return fmt.Sprintf("%d for requests, %d for tokens (%.1f%%)", s.ThrottledRequests, s.ThrottledTokens, 100*s.ThrottledShare)
	})
	line("unavailable", func(s *Stats) string { return fmt.Sprint(s.Unavailable) })
	line("failed, open", func(s *Stats) string { return fmt.Sprintf("%d, %d", s.Failed, s.Open) })
	line("retries per success", func(s *Stats) string { return fmt.Sprintf("%.3f", s.RetriesPerSuccess) })
	line("first token", func(s *Stats) string { return s.FirstToken.String() })
	line("latency", func(s *Stats) string { return s.Latency.String() })
	line("with retries", func(s *Stats) string { return s.Patience.String() })
	line("tokens in", func(s *Stats) string {
		return fmt.Sprintf("%d (cache: %d read, %d written)", s.Input, s.CacheRead, s.CacheWrite)
	})
	line("tokens out", func(s *Stats) string { return fmt.Sprintf("%d (%.1f a second)", s.Output, s.TokenGoodput) })
	line("quota", func(s *Stats) string { return fmt.Sprintf("%d reserved, %d burned", s.Reserved, s.Burned) })
	_ = w.Flush() // to memory
	return b.String()
}

// String returns the times as text.
func (p Percentiles) String() string {
	return fmt.Sprintf("p50 %.3f s, p90 %.3f s, p99 %.3f s, max %.3f s", p.P50, p.P90, p.P99, p.Max)
}
