package seal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
)

// A Sealer seals thinking. It is safe for concurrent use. A signature says of itself that the server made it,
// of which text and by which model; so an edited block can be told from a
// foreign one, without anything being remembered. Only signatures of the model
// behind the server that are passed on as they are have to be.
type Sealer struct {
	key []byte

	mu   sync.Mutex
	kept map[[sha256.Size]byte]bool // scripted signatures, with their text, and with their model too
}

// New returns a sealer. Equal keys give equal seals; no key is a key of its
// own.
func New(key []byte) *Sealer {
	if len(key) == 0 {
		key = []byte("bedrocktest")
	}
	return &Sealer{key: bytes.Clone(key), kept: make(map[[sha256.Size]byte]bool)}
}

// The signature's bytes have the outer form of Claude's, a length-delimited
// field 2 of a protocol buffer, which is what makes them begin with an E in
// base64. In it are three seals: of the text, of that by the server for the
// models of a maker, and of that by the model. Redacted thinking has two of the data before the last two.
const (
	signatureSize = 3 * sha256.Size
	redactedSize  = 4 * sha256.Size
)

func (s *Sealer) mac(label string, fields ...[]byte) []byte {
	h := hmac.New(sha256.New, s.key)
	h.Write([]byte(label))
	var n [8]byte
	for _, f := range fields {
		binary.BigEndian.PutUint64(n[:], uint64(len(f)))
		h.Write(n[:])
		h.Write(f)
	}
	return h.Sum(nil)
}

// Sign returns the signature of a block of thinking.
func (s *Sealer) Sign(modelID, text string) string {
	return base64.StdEncoding.EncodeToString(enclose(s.issue(modelID, s.mac("content", []byte(text)))))
}

// issue appends the seals of the server and of the model.
func (s *Sealer) issue(modelID string, body []byte) []byte {
	return bytes.Join([][]byte{body, s.mac("issuer", []byte(makerOf(modelID)), body), s.mac("model", []byte(modelID), body)}, nil)
}

// Seal returns thinking in a form that only the model can read, as far as the
// client can tell: the text of a base64 encoding, as Claude's.
func (s *Sealer) Seal(modelID string, data []byte) []byte {
	a := s.mac("redacted a", data)
	return base64.StdEncoding.AppendEncode(nil, enclose(s.issue(modelID, append(a, s.mac("redacted b", a)...))))
}

// makerOf is the first word of a model's id. Thinking goes from one model of a
// maker to another.
func makerOf(modelID string) string {
	maker, _, _ := strings.Cut(modelID, ".")
	return maker
}

// Keep remembers a scripted signature, or redacted thinking, as genuine.
func (s *Sealer) Keep(modelID, text string, signature []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[s.keptKey(makerOf(modelID), text, signature)] = true
	s.kept[s.keptKey(modelID, text, signature)] = true
}

func (s *Sealer) keeps(modelID, text string, signature []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[s.keptKey(modelID, text, signature)]
}

func (s *Sealer) keptKey(modelID, text string, signature []byte) [sha256.Size]byte {
	return [sha256.Size]byte(s.mac("kept", []byte(modelID), []byte(text), signature))
}

// opened returns the body of a signature, or of redacted thinking, and its two
// seals.
func opened(encoded string, size int) (body, issuer, model []byte, ok bool) {
	data, err := base64.StdEncoding.DecodeString(encoded)
	all, ok := disclose(data, size)
	if err != nil || !ok {
		return nil, nil, nil, false
	}
	n := size - 2*sha256.Size
	return all[:n], all[n : n+sha256.Size], all[n+sha256.Size:], true
}

// For returns the sealer as the rules of a model see it.
func (s *Sealer) For(modelID string) rules.Signer { return sealed{s, makerOf(modelID)} }

// sealed is a sealer as the rules of a maker's model see it.
type sealed struct {
	*Sealer
	maker string
}

// Verify judges a signature.
func (s sealed) Verify(text, signature string) rules.Verdict {
	if s.keeps(s.maker, text, []byte(signature)) {
		return rules.Genuine
	}
	content, issuer, _, ok := opened(signature, signatureSize)
	switch {
	case !ok:
		return rules.Forged
	case !hmac.Equal(issuer, s.mac("issuer", []byte(s.maker), content)):
		return rules.Foreign
	case !hmac.Equal(content, s.mac("content", []byte(text))):
		return rules.Edited
	}
	return rules.Genuine
}

// Opens judges redacted thinking.
func (s sealed) Opens(data []byte) rules.Verdict {
	if s.keeps(s.maker, "", data) {
		return rules.Genuine
	}
	body, issuer, _, ok := opened(string(data), redactedSize)
	switch {
	case !ok:
		return rules.Forged
	case !hmac.Equal(issuer, s.mac("issuer", []byte(s.maker), body)):
		return rules.Foreign
	}
	return rules.Genuine
}

// Issued reports whether a block came from a model.
func (s sealed) Issued(modelID, text string, seal []byte) bool {
	if s.keeps(modelID, text, seal) {
		return true
	}
	for _, size := range []int{signatureSize, redactedSize} {
		if body, _, model, ok := opened(string(seal), size); ok {
			return hmac.Equal(model, s.mac("model", []byte(modelID), body))
		}
	}
	return false
}

// enclose puts data, which is longer than 127 bytes if the length takes two,
// into the field.
func enclose(data []byte) []byte {
	out := append([]byte{0x12}, binary.AppendUvarint(nil, uint64(len(data)))...)
	return append(out, data...)
}

// disclose takes data of a known size out of the field.
func disclose(field []byte, size int) ([]byte, bool) {
	if len(field) < size || !bytes.Equal(field, enclose(field[len(field)-size:])) {
		return nil, false
	}
	return field[len(field)-size:], true
}
