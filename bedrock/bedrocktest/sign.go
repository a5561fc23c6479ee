package bedrocktest

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"sync"
)

// A signer seals thinking. A signature says of itself that the server made it,
// and of which text and model; so an edited block can be told from a foreign
// one, without anything being remembered. Only signatures of the model behind
// the server that are passed on as they are have to be.
type signer struct {
	key []byte

	mu   sync.Mutex
	kept map[[sha256.Size]byte]bool // scripted signatures, with their text and model
}

func newSigner(key []byte) *signer {
	if len(key) == 0 {
		key = []byte("bedrocktest")
	}
	return &signer{key: bytes.Clone(key), kept: make(map[[sha256.Size]byte]bool)}
}

// A verdict is what a signer says of a block.
type verdict uint8

const (
	genuine verdict = iota
	edited          // made by this server, for another text
	foreign         // not made by this server, or for another model
)

// The signature's bytes have the outer form of Claude's, a length-delimited
// field 2 of a protocol buffer, which is what makes them begin with an E in
// base64. In it are three seals: of model and text, of the model, and of both.
const (
	signatureSize = 3 * sha256.Size
	redactedSize  = 4 * sha256.Size
)

func (s *signer) mac(label string, fields ...[]byte) []byte {
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

// sign returns the signature of a block of thinking.
func (s *signer) sign(modelID, text string) string {
	content := s.mac("content", []byte(modelID), []byte(text))
	issuer := s.mac("issuer", []byte(modelID), content)
	return base64.StdEncoding.EncodeToString(enclose(bytes.Join([][]byte{content, issuer, s.mac("fill", content)}, nil)))
}

// verify judges a signature.
func (s *signer) verify(modelID, text, signature string) verdict {
	if s.keeps(modelID, text, []byte(signature)) {
		return genuine
	}
	data, err := base64.StdEncoding.DecodeString(signature)
	seal, ok := disclose(data, signatureSize)
	if err != nil || !ok {
		return foreign
	}
	content, issuer, fill := seal[:sha256.Size], seal[sha256.Size:2*sha256.Size], seal[2*sha256.Size:]
	if !hmac.Equal(issuer, s.mac("issuer", []byte(modelID), content)) || !hmac.Equal(fill, s.mac("fill", content)) {
		return foreign
	}
	if !hmac.Equal(content, s.mac("content", []byte(modelID), []byte(text))) {
		return edited
	}
	return genuine
}

// seal returns thinking in a form that only the model can read, as far as the
// client can tell: the text of a base64 encoding, as Claude's.
func (s *signer) seal(modelID string, data []byte) []byte {
	a := s.mac("redacted a", data)
	body := bytes.Join([][]byte{a, s.mac("redacted b", a), s.mac("redacted c", a)}, nil)
	body = append(body, s.mac("redacted", []byte(modelID), body)...)
	return base64.StdEncoding.AppendEncode(nil, enclose(body))
}

// opens reports whether redacted thinking is as the server sent it.
func (s *signer) opens(modelID string, sealed []byte) bool {
	if s.keeps(modelID, "", sealed) {
		return true
	}
	data, err := base64.StdEncoding.DecodeString(string(sealed))
	body, ok := disclose(data, redactedSize)
	if err != nil || !ok {
		return false
	}
	n := len(body) - sha256.Size
	return hmac.Equal(body[n:], s.mac("redacted", []byte(modelID), body[:n]))
}

// keep remembers a scripted signature, or redacted thinking, as genuine.
func (s *signer) keep(modelID, text string, signature []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept[[sha256.Size]byte(s.mac("kept", []byte(modelID), []byte(text), signature))] = true
}

func (s *signer) keeps(modelID, text string, signature []byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[[sha256.Size]byte(s.mac("kept", []byte(modelID), []byte(text), signature))]
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
