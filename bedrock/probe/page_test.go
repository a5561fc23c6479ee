package probe_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

// whole is a report that has something of everything.
func whole(t *testing.T) *probe.Report {
	s := bedrocktest.InMemory(behind(), &bedrocktest.Options{Traits: traits{"NoTemperature": true, "MaxOutput": 32_000, "Thinking.None": true}})
	r := ask(t, s, sonnet45, &probe.Options{Now: day, Prices: probe.Prices{Input: 3, Output: 15}, Budget: 0.2})
	r.Score = score(t, sonnet45, &bedrocktest.Options{Off: []bedrocktest.Rule{"blank-text", "cache-points"}})
	r.Score.Faults = []probe.Fault{{Kind: "order", Frame: 3, Text: "messageStop comes before the contentBlockStop of block 0", Stream: "a text"}}
	return r
}

// TestPage checks that the page is well-formed, that it has no scripts, which
// its own policy forbids, and that it loads nothing from elsewhere. Nothing
// that the service says may become markup.
func TestPage(t *testing.T) {
	r := whole(t)
	const evil = `</td><script>alert("x")</script>|` + "`*_"
	r.Findings[0].Said = evil
	var page, text bytes.Buffer
	if err := errors.Join(r.WriteHTML(&page), r.WriteMarkdown(&text)); err != nil {
		t.Fatal(err)
	}
	for _, never := range []string{"<script", "<link", "src=", "url(", "@import", "onload", "<iframe", "<img"} {
		if strings.Contains(page.String(), never) {
			t.Errorf("the page has %q", never)
		}
	}
	d := xml.NewDecoder(&page)
	d.Entity, d.AutoClose, d.Strict = xml.HTMLEntity, []string{"meta", "col"}, false
	opened := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok && e.Name.Local == "table" {
			opened++
		}
	}
	if opened < 5 {
		t.Errorf("%d tables", opened)
	}
	for _, want := range []string{"## Row for the table", "## Differs from the table", "## Passes, though the service refuses", "## Faults in streams", "| sampling.temperature | yes | no |"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text has no %q", want)
		}
	}
	if strings.Contains(text.String(), "<script") || strings.Contains(text.String(), "|`*_") {
		t.Error("the service's words are Markdown")
	}
}

// TestPageIsSeen opens the page in a browser, if the machine has one, and
// checks that there is something to be seen: the picture is not blank, and the
// page does not run over its width. CHATMODEL_PICTURE names a file to keep the
// picture in.
func TestPageIsSeen(t *testing.T) {
	if os.Getenv("CHATMODEL_FULL") == "" {
		t.Skip("CHATMODEL_FULL is not set: the page is not opened in a browser")
	}
	browser, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("chromium is not installed: the page is not opened in a browser")
	}
	dir := t.TempDir()
	file, err := os.Create(filepath.Join(dir, "report.html"))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(whole(t).WriteHTML(file), file.Close()); err != nil {
		t.Fatal(err)
	}
	shot := filepath.Join(dir, "report.png")
	if keep := os.Getenv("CHATMODEL_PICTURE"); keep != "" {
		shot = keep
	}
	command := exec.CommandContext(t.Context(), browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--window-size=1100,3000", "--screenshot="+shot, "file://"+file.Name())
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	picture, err := os.Open(shot)
	if err != nil {
		t.Fatal(err)
	}
	defer picture.Close()
	m, err := png.Decode(picture)
	if err != nil {
		t.Fatal(err)
	}
	ink := func(fromX, toX int) (dark int) {
		for x := fromX; x < toX; x += 2 {
			for y := m.Bounds().Min.Y; y < m.Bounds().Max.Y; y += 2 {
				if r, g, b, _ := m.At(x, y).RGBA(); r+g+b < 3*0x7000 {
					dark++
				}
			}
		}
		return dark
	}
	width := m.Bounds().Dx()
	if n := ink(0, width); n < 5000 {
		t.Errorf("the picture has %d dark points", n)
	}
	if n := ink(width-8, width); n > 0 {
		t.Errorf("something runs over the edge of the page: %d dark points", n)
	}
}
