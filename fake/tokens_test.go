package fake_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestTokensOfTexts: most texts are counted without being written. The estimate
// is that of their JSON all the same, whatever encoding/json escapes.
func TestTokensOfTexts(t *testing.T) {
	for _, text := range []string{"", "a", "plain words", "Grüße, 你好 – “…”", "a\u2027b", "\u2028\u2028\u2028\u2028", "\u2029\u2029\u2029\u2029",
		"<<<<", ">>>>", "&&&&", `""""`, `\\\\`, "\n\n\n\n", "\x00\x01\x02\x03", "\x7f\x7f\x7f\x7f", "\xff\xff\xff\xff", "\xe2\x80\xe2\x80", "long enough for words of bytes <<<<"} {
		valid := strings.ToValidUTF8(text, "\ufffd") // which messages hold instead
		data, err := json.Marshal(map[string]string{"text": valid, "type": "text"})
		if err != nil {
			t.Fatal(err)
		}
		want := (len(data) + 3) / 4
		resp, err := fake.New(fake.Text(text)).Generate(t.Context(), &model.Request{Messages: []model.Message{model.User(text)}})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if u := resp.Usage; u.InputTokens != want || u.OutputTokens != want {
			t.Errorf("%q: %d tokens in and %d out, want %d", text, u.InputTokens, u.OutputTokens, want)
		}
	}
}
