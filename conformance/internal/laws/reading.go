package laws

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A wireText has the values of a body.
type wireText struct {
	body    []byte
	texts   []string // all strings except names of members
	files   []string // decoded base64, such as documents
	members []string
	numbers []float64
	points  int
}

// readWire returns the values of a body, which must be valid JSON.
func readWire(body []byte) *wireText {
	w := &wireText{body: body}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var objects []bool // whether each open value is an object
	name := false      // whether a name comes next
	for {
		token, err := d.Token()
		if err != nil { // the end
			return w
		}
		switch t := token.(type) {
		case json.Delim:
			if t == '{' || t == '[' {
				objects = append(objects, t == '{')
				name = t == '{'
				continue
			}
			objects = objects[:len(objects)-1]
		case string:
			if name {
				w.members = append(w.members, t)
				if t == "cachePoint" || t == "cache_control" {
					w.points++
				}
				name = false
				continue
			}
			w.texts = append(w.texts, t)
			if data, err := base64.StdEncoding.DecodeString(t); err == nil && utf8.Valid(data) {
				w.files = append(w.files, string(data))
			}
		case json.Number:
			if f, err := strconv.ParseFloat(string(t), 64); err == nil {
				w.numbers = append(w.numbers, f)
			}
		}
		name = len(objects) > 0 && objects[len(objects)-1]
	}
}

// times returns how often a text occurs in the texts.
func (w *wireText) times(text string) int {
	n := 0
	for _, t := range w.texts {
		n += strings.Count(t, text)
	}
	for _, t := range w.files {
		n += strings.Count(t, text)
	}
	return n
}

// holds reports whether the body has data as text or in base64.
func (w *wireText) holds(data []byte) bool {
	encoded := base64.StdEncoding.EncodeToString(data)
	return w.times(encoded) > 0 || w.times(string([]rune(string(data)))) > 0
}

// json reports whether some JSON is in the body or in a text of it.
func (w *wireText) json(data []byte) bool {
	return bytes.Contains(w.body, data) || w.times(string(data)) > 0
}
