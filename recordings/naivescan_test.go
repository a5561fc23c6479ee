package recordings_test

import (
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// The scan finds what a naive search finds: every kind of secret in every place,
// of which a sample is tried without CHATMODEL_FULL=1.
func TestScanAgainstNaive(t *testing.T) {
	for i, p := range places() {
		for j, k := range kinds() {
			if !full() && (i+j)%48 != 0 {
				continue
			}
			if err := recordings.Compare(p.hide(k.value).ResponseBody, "correct-horse-battery").Err(); err != nil {
				t.Errorf("%s, %s: %v", k.name, p.name, err)
			}
		}
	}
}

// And in bodies that chance put together: secrets, near misses and words, encoded
// several times over, whole or in the pieces of a stream.
func TestScanAgainstNaiveAtRandom(t *testing.T) {
	n, bodies, compared, found := 60, 0, 0, 0
	if full() {
		n = 10_000
	}
	for seed := range n {
		body := randomBody(rand.New(rand.NewPCG(uint64(seed), 17)))
		c := recordings.Compare(body, plantedValue)
		if err := c.Err(); err != nil {
			t.Errorf("seed %d: %v\n%.2000q", seed, err, body)
		}
		if bodies++; !c.GaveUp && !c.Refused {
			compared++
		}
		if len(c.Found) > 0 {
			found++
		}
	}
	t.Logf("%d bodies, %d compared, secrets in %d", bodies, compared, found)
	if compared < bodies*9/10 || found < bodies/3 || found > bodies*9/10 {
		t.Errorf("of %d bodies %d were compared, secrets found in %d: this tests little", bodies, compared, found)
	}
}

func FuzzScanAgainstNaive(f *testing.F) {
	for _, p := range places() {
		f.Add(p.hide(kinds()[len(p.name)%len(kinds())].value).ResponseBody)
	}
	for seed := range 50 {
		f.Add(randomBody(rand.New(rand.NewPCG(uint64(seed), 18))))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 8<<10 {
			return
		}
		if err := recordings.Compare(body, plantedValue).Err(); err != nil {
			t.Error(err)
		}
		if err := recordings.ComparePieces(body); err != nil {
			t.Error(err)
		}
	})
}

// FuzzShortScanAgainstNaive has bodies so short that the naive search takes no
// time: kinds of secrets, in one code or none.
func FuzzShortScanAgainstNaive(f *testing.F) {
	const most = 160
	for i, k := range kinds() {
		r := rand.New(rand.NewPCG(uint64(i), 19))
		for _, s := range []string{k.value, randomCode(r, k.value)} {
			if len(s) <= most {
				f.Add(s)
			}
		}
	}
	f.Add(plantedValue)
	f.Fuzz(func(t *testing.T, body string) {
		if len(body) > most {
			return
		}
		if err := recordings.Compare([]byte(body), plantedValue).Err(); err != nil {
			t.Error(err)
		}
	})
}

// plantedValue is a secret that is known by its value alone.
const plantedValue = "Tr0ub4dor & three"

// randomBody hides a few texts in a body.
func randomBody(r *rand.Rand) []byte {
	var all []string
	for range 1 + r.IntN(3) {
		s := randomText(r)
		for range r.IntN(4) {
			s = randomCode(r, s)
		}
		all = append(all, s)
	}
	body := strings.Join(all, pick(r, "", " ", "\n", ", "))
	if r.IntN(3) == 0 {
		body = randomCode(r, body)
	}
	if r.IntN(8) == 0 {
		body = body[:r.IntN(len(body)+1)] // of a connection that was cut
	}
	return []byte(body)
}

func pick[T any](r *rand.Rand, all ...T) T { return all[r.IntN(len(all))] }

// randomText is a secret, nearly one, or words.
func randomText(r *rand.Rand) string {
	k := pick(r, kinds()...)
	s := k.value
	at := r.IntN(len(s))
	switch r.IntN(8) {
	case 0:
		s = plantedValue
	case 1:
		s = plantedValue[:len(plantedValue)-1]
	case 2:
		s = s[:at]
	case 3:
		s = s[:at] + pick(r, "-", ".", " ", "!", "é", "\x00") + s[at+1:]
	case 4:
		s = pick(r, strings.ToUpper, strings.ToLower)(s)
	case 5:
		s = pick(r, "some words of an answer", "internationalization/of/everything", "d41d8cd98f00b204e9800998ecf8427e", "550e8400-e29b-41d4-a716-446655440000", `{"a":[1,2,{"b":"c"}]}`, "x = 20 & 50% = &amp;")
	}
	return pick(r, "", "it is ", "x", `\`, "%", "=", "&", "é ") + s + pick(r, "", " you know", "x", ".", "==", "\n", "ü")
}

// randomCode writes a text in another way.
func randomCode(r *rand.Rand, s string) string {
	n := 1 + r.IntN(6)
	if len(s) < 40 && r.IntN(4) == 0 {
		n = max(1, len(s))
	}
	name := pick(r, "a", "text", "password", "token", "a.b", "kéy", strings.Repeat("k", 50))
	return pick(r,
		func() string { return string(member(name, s)) },
		func() string { return string(inJSON([]any{1, s, true, []string{s}})) },
		func() string { return `{"` + name + `":"` + allEscaped(s) + `"}` },
		func() string { return "print('" + hexEscaped(s) + "')" },
		func() string { return each(s, `\%03o`) },
		func() string { return percent(s) },
		func() string { return "a=1&b=" + percent(s) },
		func() string { return "<p>" + each(s, pick(r, "&#%d;", "&#x%x;", "&#%d")) + "</p>" },
		func() string { return named(s) },
		func() string { return each(s, "=%02X") },
		func() string { return strings.Join(over(s, n, printable), "=\n") },
		func() string { return b64(s) },
		func() string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
		func() string { return "data:text/plain;base64," + b64(s) },
		func() string { return lines(b64(s+strings.Repeat(" and more", n*8)), 76) },
		func() string { return hex.EncodeToString([]byte(s)) + pick(r, "", "0") },
		func() string { return spaced(s, pick(r, " ", ":", "-", "\n", ", ")) },
		func() string { return each(s, "0x%02x, ") },
		func() string { return pick(r, "", "A") + base32.StdEncoding.EncodeToString([]byte(s)) },
		func() string { return pick(r, "", "\xff\xfe", "\x00") + wide(s) },
		func() string { return b64(wide(s)) },
		func() string { return string(gzipped([]byte(s))) },
		func() string { return string(deflated(s)) },
		func() string { return b64(raw(s)) },
		func() string { return string(frames(over(s, n, text0)...)) },
		func() string { return string(frames(between(over(s, n, text0), blockText(1, "other"))...)) },
		func() string { return string(frames(over(s, n, toolInput)...)) + pick(r, "", "and more") },
		func() string { return string(frames(chunks(over(s, n, claude))...)) },
		func() string { return string(frames(chunks(over(s, n, titan))...)) },
		func() string { return string(sse(pick(r, "\n", "\r\n", "\r"), over(s, n, openAI)...)) },
		func() string { return string(sse("\n", over(s, n, func(x string) string { return x })...)) },
		func() string { return strings.Join(over(s, n, openAI), "\n") },
		func() string { return strings.Repeat("words ", r.IntN(300)) + s },
	)()
}

// Words of any length are found wherever they stand, in whatever case.
func TestHintsAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 17))
	letters := func(least, most int) string {
		b := make([]byte, least+r.IntN(most-least+1))
		for i := range b {
			b[i] = pick(r, []byte("aabbcd-_=A@`\x00\x1f\xe1")...)
		}
		return string(b)
	}
	for range 3000 {
		words := make([]string, 1+r.IntN(6))
		for i := range words {
			words[i] = strings.ToLower(letters(1+r.IntN(3), 6))
		}
		if err := recordings.CompareHints(words, []byte(letters(0, 60))); err != nil {
			t.Fatal(err)
		}
	}
}

// The base64 of files is read as the standard library reads it, wherever lines
// break and whatever else is wrong; so are the runs of base64 in a text found.
func TestPiecesAgainstNaive(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 17))
	for range 1500 {
		b := make([]byte, r.IntN(200))
		if r.IntN(20) == 0 {
			b = make([]byte, 2900+r.IntN(400)) // about as many as are decoded at once
		}
		for i := range b {
			b[i] = byte(r.IntN(256))
		}
		text := base64.StdEncoding.EncodeToString(b)
		if r.IntN(4) == 0 { // padding in the middle
			text += "\n" + text
		}
		for range r.IntN(8) {
			at := r.IntN(len(text) + 1)
			text = text[:at] + pick(r, "\n", "\r\n", " ", "\n    ", "\n\n", "\r", "=", "*", "A") + text[at:]
		}
		if err := recordings.ComparePieces([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
}
