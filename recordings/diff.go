package recordings

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

const (
	maxDiffLines = 40  // lines of a diff before it says "and N more"
	maxDiffValue = 120 // bytes of a value before it is cut
)

// missText describes a request that found no recording, and how it differs from
// the most similar recorded request.
func missText(key requestKey, recorded []requestKey, played []bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "no recorded request matches %s %s", key.method, key.target)
	if len(recorded) == 0 {
		b.WriteString(": the cassette is empty")
		return b.String()
	}
	if n := count(recorded, key); n > 0 {
		fmt.Fprintf(&b, ": it was recorded %s and has been played as often", times(n))
		return b.String()
	}
	nearest, lines := nearestRequest(key, recorded, played)
	state := "not played yet"
	if played[nearest] {
		state = "already played"
	}
	fmt.Fprintf(&b, "\nnearest is exchange %d of %d, %s (-recorded +sent):", nearest, len(recorded), state)
	for i, line := range lines {
		if i == maxDiffLines {
			fmt.Fprintf(&b, "\n  and %d more lines", len(lines)-i)
			break
		}
		b.WriteString("\n  " + line)
	}
	return patternsOnly().redact(b.String())
}

func count(keys []requestKey, key requestKey) (n int) {
	for _, k := range keys {
		if k == key {
			n++
		}
	}
	return n
}

func times(n int) string {
	if n == 1 {
		return "once"
	}
	return strconv.Itoa(n) + " times"
}

// nearestRequest returns the recorded request with the fewest differing values,
// and the differences. It prefers a request with the same target, and one that
// was not played yet.
func nearestRequest(key requestKey, recorded []requestKey, played []bool) (nearest int, lines []string) {
	best := -1
	for i, candidate := range recorded {
		diff := diffRequests(candidate, key)
		score := 2 * len(diff)
		if played[i] {
			score++
		}
		if candidate.method != key.method || candidate.target != key.target {
			score += 1 << 20
		}
		if best < 0 || score < best {
			best, nearest, lines = score, i, diff
		}
	}
	return nearest, lines
}

// diffRequests lists the values in which two requests differ: a "-" line for
// the recorded request and a "+" line for the sent one.
func diffRequests(recorded, sent requestKey) []string {
	var lines []string
	if recorded.method != sent.method || recorded.target != sent.target {
		lines = append(lines,
			"- "+recorded.method+" "+recorded.target,
			"+ "+sent.method+" "+sent.target)
	}
	old, new := leaves(recorded.body), leaves(sent.body)
	for _, path := range unionOfKeys(old, new) {
		was, had := old[path]
		is, has := new[path]
		if had && has && was == is {
			continue
		}
		a, b := cutAroundDifference(was, is)
		if had {
			lines = append(lines, "- "+path+": "+a)
		}
		if has {
			lines = append(lines, "+ "+path+": "+b)
		}
	}
	return lines
}

func unionOfKeys(a, b map[string]string) []string {
	keys := maps.Clone(a)
	maps.Copy(keys, b)
	return slices.Sorted(maps.Keys(keys))
}

// leaves returns every scalar of a canonical body by its path.
func leaves(body string) map[string]string {
	m := map[string]string{}
	v, err := decodeJSON([]byte(body))
	if err != nil {
		if body != "" {
			m["body"] = strconv.Quote(body)
		}
		return m
	}
	addLeaves(m, "", v)
	return m
}

func addLeaves(m map[string]string, path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for key, item := range v {
			addLeaves(m, joinPath(path, key), item)
		}
		if len(v) == 0 {
			m[orBody(path)] = "{}"
		}
	case []any:
		for i, item := range v {
			addLeaves(m, fmt.Sprintf("%s[%d]", path, i), item)
		}
		if len(v) == 0 {
			m[orBody(path)] = "[]"
		}
	case json.Number:
		m[orBody(path)] = v.String()
	default:
		m[orBody(path)] = string(appendCanonical(nil, v))
	}
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func orBody(path string) string {
	if path == "" {
		return "body"
	}
	return path
}

// cutAroundDifference shortens two long values to the part around the first
// byte in which they differ.
func cutAroundDifference(a, b string) (string, string) {
	same := 0
	for same < len(a) && same < len(b) && a[same] == b[same] {
		same++
	}
	start := max(0, same-maxDiffValue/2)
	return cutFrom(a, start), cutFrom(b, start)
}

func cutFrom(s string, start int) string {
	if len(s) <= maxDiffValue {
		return s
	}
	start = min(start, len(s))
	end := min(len(s), start+maxDiffValue)
	cut := strings.ToValidUTF8(s[start:end], "")
	if start > 0 {
		cut = "…" + cut
	}
	if end < len(s) {
		cut += "…"
	}
	return fmt.Sprintf("%s (%d bytes)", cut, len(s))
}
