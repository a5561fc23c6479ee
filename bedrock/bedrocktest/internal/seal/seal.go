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

// A Sealer seals thinking. It is safe for concurrent use. A signature itself
// shows that the server made it, from which text and for which model. So an
// edited block can be told from a foreign one without a memory. The sealer
// remembers only signatures that the model behind the server made and that are
// passed on unchanged.
type Sealer struct {
	key []byte

	mu   sync.Mutex
	kept map[[sha256.Size]byte]bool // keys of scripted signatures, one with the maker and one with the model
}

// New returns a sealer. Equal keys give equal seals. A nil key is a key of its
// own.
func New(key []byte) *Sealer {
	if len(key) == 0 {
		key = []byte("bedrocktest")
	}
	return &Sealer{key: bytes.Clone(key), kept: make(map[[sha256.Size]byte]bool)}
}

// A signature has the outer form of Claude's: field 2 of a protocol buffer,
// with its length. So it begins with an E in base64. It contains three seals:
// one of the text, one of that seal by the server for the models of a maker,
// and one of it for the model alone. Redacted thinking has the same last two,
// after two seals of the data.
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

// issue appends the seals for the maker and for the model.
func (s *Sealer) issue(modelID string, body []byte) []byte {
	return bytes.Join([][]byte{body, s.mac("issuer", []byte(makerOf(modelID)), body), s.mac("model", []byte(modelID), body)}, nil)
}

// Seal returns thinking in a form that only the model can read, as far as a
// client can tell. It is the text of a base64 encoding, as Claude's is.
func (s *Sealer) Seal(modelID string, data []byte) []byte {
	a := s.mac("redacted a", data)
	return base64.StdEncoding.AppendEncode(nil, enclose(s.issue(modelID, append(a, s.mac("redacted b", a)...))))
}

// makerOf returns the first word of a model's id. The models of a maker accept
// one another's thinking.
func makerOf(modelID string) string {
	maker, _, _ := strings.Cut(modelID, ".")
	return maker
}

// Keep remembers a scripted signature or scripted redacted thinking as genuine.
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

// For returns the sealer in the form that the rules of a model use.
func (s *Sealer) For(modelID string) rules.Signer { return sealed{s, makerOf(modelID)} }

// sealed is a sealer for the models of one maker.
type sealed struct {
	*Sealer
	maker string
}

// Verify judges a signature of thinking.
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

// Issued reports whether a block came from the given model.
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

// enclose puts data into the field. Its length takes two bytes from 128 on.
func enclose(data []byte) []byte {
	out := append([]byte{0x12}, binary.AppendUvarint(nil, uint64(len(data)))...)
	return append(out, data...)
}

// disclose returns the data of the field if it has the given size.
func disclose(field []byte, size int) ([]byte, bool) {
	if len(field) < size || !bytes.Equal(field, enclose(field[len(field)-size:])) {
		return nil, false
	}
	return field[len(field)-size:], true
}
