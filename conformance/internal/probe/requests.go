package probe

import (
	"encoding/base64"
	"strconv"

	"github.com/chatmodel-go/chatmodel/model"
)

// Ask returns a request with one question.
func Ask(text string) *model.Request {
	return &model.Request{Messages: []model.Message{model.User(text)}}
}

// Rich returns a request with every setting that all providers understand. It
// points to memory wherever possible, and its slices have spare capacity that a
// model could write to by mistake.
func Rich(tools bool) *model.Request {
	req := &model.Request{
		Messages:    append(make([]model.Message, 0, 8), model.System("Be brief."), model.User("Hi"), model.Assistant("Yes?"), model.User("Go on.")),
		Temperature: new(0.5),
		MaxTokens:   64,
	}
	for i := range req.Messages {
		req.Messages[i].Parts = append(make([]model.Part, 0, 4), req.Messages[i].Parts...)
	}
	if tools {
		WithTools(req, "zeta", "alpha")
	}
	return req
}

// OddTexts are texts that careless handling changes.
var OddTexts = []string{
	"emoji 👩‍👩‍👧‍👦 with joiners", "line\u2028and paragraph\u2029separators", "<b>&amp;</b> \"quoted\" 'single' \\back",
	"e\u0301 is not é", "null \u0000 and escape \u001b", "CR\r\nLF\ttab", "עברית and العربية", "\ufeffmark", "a\u00a0b",
}

// LongText returns a text of n bytes in which every place shows its offset.
func LongText(n int) string {
	b := make([]byte, 0, n+16)
	for i := 0; len(b) < n; i++ {
		b = append(strconv.AppendInt(b, int64(i), 10), ' ')
	}
	return string(b[:n])
}

// Says returns a request with one message of the user.
func Says(parts ...model.Part) *model.Request {
	return &model.Request{Messages: []model.Message{model.UserParts(parts...)}}
}

// With returns an edited copy of a request.
func With(req *model.Request, edit func(*model.Request)) *model.Request {
	c := req.Clone()
	edit(c)
	return c
}

// Pixel is a PNG of one pixel.
var Pixel = func() []byte {
	data, _ := base64.StdEncoding.DecodeString("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
	return data
}()
