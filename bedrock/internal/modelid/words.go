package modelid

import "strings"

// readWords sorts the words of a name without its suffix.
func (r *ID) readWords(name string) {
	var line, sizes []string
	minor := false // whether the next number is the minor version
	for _, w := range strings.Split(name, "-") {
		letters, generation, point, numbered := version(w)
		wasMinor := minor
		minor = false
		switch {
		case date(w):
			r.Date = w
		case size(w):
			sizes = append(sizes, w)
		case numbered && !r.Named:
			r.Generation, r.Named = generation, true
			if r.Minor = point; point < 0 {
				r.Minor, minor = 0, true
			}
			if letters != "" {
				line = append(line, letters)
			}
		case numbered && wasMinor && letters == "" && point < 0:
			r.Minor = generation
		case w == "instruct", w == "chat", w == "it", w == "preview", w == "":
			// of what use the model is, not which line it belongs to
		default:
			line = append(line, w)
		}
	}
	if len(line) == 1 && len(line[0]) == 1 { // deepseek.v3
		line[0] = r.Maker + "-" + line[0]
	}
	r.Line, r.Size = strings.Join(line, "-"), strings.Join(sizes, "-")
	if !r.Named {
		r.Generation, r.Minor = suffixVersion(r.Suffix)
	}
}

// version reads a number, with or without a point and letters before it: 4,
// 5.6, llama3, k2.5. The point is -1 if there is none.
func version(w string) (letters string, generation, point int, ok bool) {
	digits := strings.TrimLeft(w, "abcdefghijklmnopqrstuvwxyz")
	letters = w[:len(w)-len(digits)]
	whole, fraction, pointed := strings.Cut(digits, ".")
	if generation, ok = number(whole); !ok {
		return "", 0, 0, false
	}
	point = -1
	if pointed {
		if point, ok = number(fraction); !ok {
			return "", 0, 0, false
		}
	}
	return letters, generation, point, true
}

// date reports whether w is the date of a snapshot: yyyymmdd, or yymm.
func date(w string) bool {
	if strings.Trim(w, "0123456789") != "" {
		return false
	}
	return len(w) == 8 && strings.HasPrefix(w, "20") || len(w) == 4 && w[0] == '2'
}

// size reports whether w counts parameters: 8b, 0.6b, a22b, 1t, 8x7b, 16e.
func size(w string) bool {
	n := len(w)
	if n < 2 || !strings.ContainsRune("bmet", rune(w[n-1])) {
		return false
	}
	w = strings.TrimPrefix(w[:n-1], "a")
	return w != "" && w[0] >= '0' && w[0] <= '9' && strings.Trim(w, "0123456789.x") == ""
}

// suffixVersion reads a suffix such as "-v1:0" as a version.
func suffixVersion(suffix string) (generation, minor int) {
	main, revision, _ := strings.Cut(strings.TrimPrefix(suffix, "-"), ":")
	generation, _ = number(strings.TrimPrefix(main, "v"))
	minor, _ = number(revision)
	return generation, minor
}
