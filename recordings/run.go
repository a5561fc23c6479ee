package recordings

import "bytes"

// This file searches runs of bytes of an alphabet, such as that of base64.

const (
	minEncoded   = 16 // shorter texts in base64, hex or UTF-16 cannot contain a secret
	minBase32    = 20 // nor can shorter ones in base32
	minSpacedHex = 3*minEncoded/2 - 1
	maxShifted   = 4 << 10 // longer runs are assumed to begin at a group of base64
	minLine      = 60      // lines of base64 that continues on the next line are not shorter
	maxWord      = 64      // the length of the longest run that is remembered
)

// alphabets searches the runs of base64 in a text, and the runs of base32 and
// hex in them.
func (r *revealer) alphabets(text []byte, depth int) {
	for {
		start := runStart(text)
		if start < 0 {
			return
		}
		end := runEnd(text, start)
		r.run(text[start:end], depth)
		text = text[end:]
	}
}

// runStart returns the start of the first run of base64 with at least
// minEncoded bytes, or -1.
func runStart(text []byte) int { return firstRun(text, runly, minEncoded) }

// firstRun returns the start of the first run of an alphabet with at least the
// given number of bytes, or -1. It looks backwards from the last byte that such
// a run must have, so it skips most of a text.
func firstRun(text []byte, alphabet *charset, least int) int {
	start := 0
	for start+least <= len(text) {
		i := start + least - 1
		for i >= start && alphabet[text[i]] {
			i--
		}
		if i < start {
			return start
		}
		start = i + 1
	}
	return -1
}

// runEnd returns the end of the run of base64 that runStart has found at
// text[start]. The run may have line breaks between long lines.
func runEnd(text []byte, start int) int {
	end, line := start+minEncoded, start
	for end < len(text) {
		if sextets[text[end]] <= 63 {
			end++
			continue
		}
		next := end
		if text[next] == '\r' {
			next++
		}
		if end-line < minLine || next >= len(text)-1 || text[next] != '\n' || sextets[text[next+1]] > 63 {
			break
		}
		end, line = next+1, next+1
	}
	return end
}

// run searches a run of base64, which may also be one of base32 or of hex. Most
// runs are words, and most words occur again and again.
func (r *revealer) run(run []byte, depth int) {
	look := func() {
		parts(run, hexly, minEncoded, func(part []byte) { r.hex(part, depth) })
		parts(run, lower32, minBase32, func(part []byte) { r.shifted("(base32)", part, 8, appendBase32, depth) })
		parts(run, upper32, minBase32, func(part []byte) { r.shifted("(base32)", part, 8, appendBase32, depth) })
		r.shifted("(base64)", run, 4, appendBase64, depth)
	}
	if len(run) <= maxWord {
		r.runs.once(run, depth, r.joins, look)
	} else {
		look()
	}
}

// shifted searches the decoded bytes of a run that may begin in the middle of a
// group.
func (r *revealer) shifted(encoding string, run []byte, shifts int, undo func(dst, text []byte) []byte, depth int) {
	if len(run) > maxShifted {
		shifts = 1
	}
	r.undone(encoding, func() {
		for shift := range shifts {
			plain := undo(make([]byte, 0, len(run)*3/4), run[shift:])
			r.decoded(plain, depth)
			if isPrintable(plain) { // so it is not noise
				return
			}
		}
	})
}

// parts calls look with the parts of a run that belong to an alphabet and have
// at least the given number of bytes.
func parts(run []byte, alphabet *charset, least int, look func(part []byte)) {
	for len(run) >= least {
		n := alphabet.run(run, len(run))
		if n >= least {
			look(run[:n])
		}
		run = run[min(len(run), n+1):]
	}
}

// hex searches a run of hexadecimal digits.
func (r *revealer) hex(run []byte, depth int) {
	r.undone("(hex)", func() {
		r.decoded(appendHex(nil, run), depth)
		if len(run)%2 == 1 {
			r.decoded(appendHex(nil, run[1:]), depth)
		}
	})
}

// spacedHex searches hexadecimal digits in groups of two, four or eight, with
// blanks, colons, commas or hyphens between them.
func (r *revealer) spacedHex(text []byte, depth int) {
	for {
		start := spacedStart(text)
		if start < 0 {
			return
		}
		text = text[start:]
		n := hexOrSpace.run(text, len(text))
		for run := text[:n]; len(run) > 0; {
			var plain []byte
			if plain, run = cutSpacedHex(run); len(plain) >= minEncoded/2 {
				r.undone("(hex)", func() { r.decoded(plain, depth) })
			}
		}
		text = text[n:]
	}
}

// spacedStart returns the start of the first run of digits and separators that
// is long enough, or -1.
func spacedStart(text []byte) int { return firstRun(text, hexOrSpace, minSpacedHex) }

// wide searches texts in which every other byte is zero, as in UTF-16.
func (r *revealer) wide(data []byte, depth int) {
	if bytes.IndexByte(data, 0) < 0 {
		return
	}
	for len(data) >= minEncoded {
		n := 1
		for n < len(data) && (data[n] == 0) != (data[n-1] == 0) {
			n++
		}
		if n >= minEncoded {
			plain := bytes.ReplaceAll(data[:n], []byte{0}, nil)
			r.undone("(wide)", func() { r.decoded(plain, depth) })
		}
		data = data[n:]
	}
}
