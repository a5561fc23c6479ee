package bedrock_test

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestGoldensLimits keeps what becomes of files that are too large, too long or
// too many.
func TestGoldensLimits(t *testing.T) {
	withoutRace(t)
	g := goldenGroup{models: []string{claude45, nova2}}
	limited := func(name string, req model.Request, set func(*facts.Limits)) {
		g.ask(name, req)
		g.cases[len(g.cases)-1].options = &bedrock.Options{Facts: func(f *facts.Facts) { set(&f.Limits) }}
	}
	a, c := model.Text("a"), model.Text("c")
	for _, bytes := range []int{0, 11, 12, 13} { // 12 of them are 16 in base64
		image := model.Image{MediaType: "image/png", Data: []byte("\x89PNG\r\n\x1a\n12345")[:bytes]}
		if bytes == 0 {
			image = model.Image{URI: "s3://b/k.png"}
		}
		for _, most := range []int{0, 1, 16, 19, 20} {
			set := func(l *facts.Limits) { l.ImageBytes, l.ImagePixels = most, 0 }
			name := fmt.Sprintf("an image of %d bytes, at most %d", bytes, most)
			limited(name, talk(user(a, image)), set)
			limited(name+", of the past", talk(user(a, image), model.Assistant("b"), user(c)), set)
			limited(name+", in a result", withWeather(user(a), assistant(call("c1")), user(result("c1", image))), set)
		}
	}
	for _, size := range [][2]uint32{{0, 0}, {1, 1}, {100, 7}, {7, 100}, {101, 7}, {7, 101}} {
		header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR"), size[0]), size[1])
		image := model.Image{MediaType: "image/png", Data: header}
		for _, most := range []int{0, 1, 100} {
			limited(fmt.Sprintf("an image of %d by %d, at most %d", size[0], size[1], most), talk(user(a, image)), func(l *facts.Limits) { l.ImageBytes, l.ImagePixels = 0, most })
		}
	}
	for name, d := range map[string]model.Document{
		"a PDF":           {Name: "d", MediaType: "application/pdf", Data: pdfData},
		"a PDF by a URL":  {Name: "d", URI: "data:application/pdf;base64,JVBERi0xLjc="},
		"a PDF in S3":     {Name: "d", URI: "s3://b/k.pdf"},
		"CSV":             {Name: "d", MediaType: "text/csv", Data: []byte("1,2,3,45")},
		"a text":          {Name: "d", Text: "eight le"},
		"a text to cite":  {Name: "d", Text: "eight le", Citations: true},
		"chunks":          {Name: "d", Chunks: []string{"four", "let"}},
		"a long document": {Name: "d", MediaType: "application/pdf", Data: append(slices.Clone(pdfData), '\n')},
	} {
		for _, most := range []int{0, 1, 7, 8} {
			for _, large := range [][]string{nil, {"application/pdf", "text/plain"}} {
				limited(fmt.Sprintf("%s, at most %d, %d large types", name, most, len(large)), talk(user(a, d)), func(l *facts.Limits) { l.DocumentBytes, l.LargeDocuments = most, large })
			}
		}
	}

	image, document := model.Image{MediaType: "image/png", Data: pngData}, model.Document{Name: "d", MediaType: "application/pdf", Data: pdfData}
	times := func(n int, q model.Part) []model.Part { return slices.Repeat([]model.Part{q}, n) }
	point := model.CachePoint{}
	for _, kind := range []struct {
		name string
		most int
		file model.Part
	}{{"documents", 5, document}, {"images", 20, image}} {
		for more := range 3 {
			n := kind.most + more
			all := times(n, kind.file)
			g.ask(fmt.Sprintf("%d %s at once", n, kind.name), talk(user(append(all, a)...)))
			g.ask(fmt.Sprintf("%d %s behind the system", n, kind.name), talk(model.System("s"), user(append(all, a)...)))
			g.ask(fmt.Sprintf("%d %s behind the assistant", n, kind.name), talk(model.Assistant("b"), user(append(all, a)...)))
			g.ask(fmt.Sprintf("%d %s before a prefill", n, kind.name), talk(user(append(all, a)...), model.Assistant("b")))
			g.ask(fmt.Sprintf("%d %s in the past", n, kind.name), talk(user(append(all, a)...), model.Assistant("b"), user(c)))
			g.ask(fmt.Sprintf("%d %s with points", n, kind.name), talk(user(append([]model.Part{kind.file, point}, append(all[2:], a, kind.file)...)...), model.Assistant("b"), user(c)))
			g.ask(fmt.Sprintf("%d %s in a result", n, kind.name), withWeather(user(a), assistant(call("c1")), user(result("c1", all...))))
			g.ask(fmt.Sprintf("%d %s in results of the past", n, kind.name), withWeather(user(a), assistant(call("c1"), call("c2")), user(result("c1", append(all[:3:3], c)...), result("c2", append([]model.Part{c}, all[3:]...)...)), model.Assistant("b"), user(c)))
			g.ask(fmt.Sprintf("%d %s, one in the past, one in a result", n, kind.name), withWeather(user(a, kind.file), assistant(call("c1")), user(result("c1", kind.file)), model.Assistant("b"), user(append(all[2:], c)...)))
			g.ask(fmt.Sprintf("%d %s of each kind", n, kind.name), talk(user(slices.Concat(times(more, image), times(more, document), all, []model.Part{a})...), model.Assistant("b"), user(image, document, c)))
		}
	}
	g.sort()
	checkBrief(t, "limits", g)
}

// sort puts cases that loops over maps made in order.
func (g *goldenGroup) sort() {
	slices.SortStableFunc(g.cases, func(a, b goldenCase) int { return strings.Compare(a.name, b.name) })
}

// checkBrief checks the cases of a group, with long bodies as digests. Of those
// whose facts are changed, it keeps which of these decide.
func checkBrief(t *testing.T, name string, g goldenGroup) {
	t.Helper()
	var blocks []block
	for i, c := range g.cases {
		if !inSample(i) {
			continue
		}
		c.brief = true
		b := c.block(t, brief)
		if c.options != nil && c.options.Facts != nil {
			for _, id := range c.models {
				for line := range strings.Lines(findings(id, c.req, c.options)) {
					if strings.Contains(line, " [") {
						b.text += "--- by Vet: " + id + "\n  " + line
					}
				}
			}
		}
		blocks = append(blocks, b)
	}
	checkSample(t, name, blocks)
}
