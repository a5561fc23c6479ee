package bedrock_test

import (
	"crypto/sha256"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

var (
	sentNames = regexp.MustCompile(`"(?:name|toolUseId)":("[^"]*")`)
	runs      = regexp.MustCompile("n{9,}")
)

// allLetters are texts with each character of ASCII and some further ones, at their
// beginnings, between letters and alone.
func allLetters() (all []string) {
	for c := range rune(0x80) {
		all = append(all, string(c), "a"+string(c)+"b")
	}
	return append(all, "", "é", "aéb", "東京", "a\xffb", "\u00a0a\u2003b", "a  b", "  ", "-a-", "a - b", "()", "[]", "a\t\r\n b")
}

// TestGoldensNames keeps the names of documents and tools and the ids of calls that
// are sent for those that callers give.
func TestGoldensNames(t *testing.T) {
	var blocks []block
	encode := func(pattern string, req model.Request) string {
		c, err := bedrock.NewCodec(claude45, &bedrock.Options{Facts: func(f *facts.Facts) { f.Turns.ToolIDPattern = pattern }})
		if err != nil {
			t.Fatal(err)
		}
		body, err := c.Encode(&req)
		if err != nil {
			return "  " + visible.Replace(err.Error()) + "\n"
		}
		text := " "
		for _, m := range sentNames.FindAllStringSubmatch(string(body.JSON), -1) {
			text += " " + m[1]
		}
		sum := sha256.New()
		fmt.Fprintln(sum, body.Warnings)
		text = runs.ReplaceAllStringFunc(text, func(run string) string { return fmt.Sprintf("n{%d}", len(run)) })
		return fmt.Sprintf("%s, %d warnings %.4x\n", text, len(body.Warnings), sum.Sum(nil))
	}
	add := func(name string, text string) { blocks = append(blocks, block{name, text}) }

	documents := func(name, mediaType string, names ...string) {
		var text strings.Builder
		for len(names) > 0 { // of which a request takes five
			n := min(5, len(names))
			parts := []model.Part{model.Text("a")}
			for _, d := range names[:n] {
				parts = append(parts, model.Document{Name: d, MediaType: mediaType, Data: []byte("t")})
			}
			text.WriteString(encode("", talk(user(parts...))))
			names = names[n:]
		}
		add("documents: "+name, text.String())
	}
	documents("letters", "text/plain", allLetters()...)
	for _, mediaType := range []string{"text/plain", "text/csv", "application/pdf", "text/x-markdown"} {
		documents("of type "+mediaType, mediaType, "d.txt", "d.csv", "d.pdf", "d.md", "d.TXT", "d.Csv", "d.txt.txt", ".txt", "d.", "txt", "a/d.txt", "a.txt/d", "d .txt", "d.text", "md")
	}
	documents("alike", "text/plain", "a", "a", "a", "a", "a", "a", "a (2)", "a", "a (3)", "a", "", "document", "-", "document (2)", "")
	for n := 183; n < 203; n++ {
		long := strings.Repeat("n", n)
		documents(fmt.Sprintf("%d letters", n), "text/plain", long, long, long+"m", long+"m", long, long[:n-12]+" "+long[:11], long[:n-12]+" "+long[:11], long[:n-5]+" "+long[:9], long[:n-5]+" "+long[:9])
	}

	calls := func(name, pattern string, ids ...string) {
		var said, results []model.Part
		for _, id := range ids {
			said = append(said, model.ToolCall{ID: id, Name: "f"})
			results = append(results, result(id, model.Text("x")))
		}
		add("calls: "+name, encode(pattern, withWeather(model.User("a"), assistant(said...), user(results...))))
	}
	calls("letters", "", allLetters()...)
	calls("letters, all but digits barred", "[0-9]+", allLetters()...)
	calls("nine letters", "[a-zA-Z0-9]{9}", "a", "aaaaaaaaa", "aaaaaaaaaa", "", "aaaaaaaa_", "aaaaaaaaa", strings.Repeat("a", 64))
	calls("a pattern that is none", "[", "a", "a.b", "")
	calls("alternatives", "a|bb", "a", "b", "bb", "abb", "ab")
	calls("alike", "", "a", "a", "a", "a_2", "a", "a_3", "a", "a", "a", "a", "a", "a", "a", "a", "", "", "call", "call_2", "")
	for n := 50; n < 68; n++ {
		long := strings.Repeat("n", n)
		calls(fmt.Sprintf("%d letters", n), "", long, long, long+"m", long+"m", long, "."+long, "."+long)
	}

	labels := func(name string, names ...string) {
		var text strings.Builder
		for _, n := range names {
			text.WriteString(encode("", withWeather(model.User("a"), assistant(model.ToolCall{ID: "c", Name: n}), user(result("c", model.Text("x"))))))
		}
		add("tools: "+name, text.String())
	}
	labels("letters", allLetters()...)
	for n := 62; n < 68; n++ {
		labels(fmt.Sprintf("%d letters", n), strings.Repeat("n", n), "."+strings.Repeat("n", n-1))
	}
	checkGoldens(t, "names", blocks)
}
