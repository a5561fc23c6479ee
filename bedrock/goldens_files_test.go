package bedrock_test

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// A fileSender tells what is sent for files.
type fileSender struct{ codecs []*bedrock.Codec }

func newFileSender(t *testing.T, set func(*facts.Facts), formats ...bedrock.Format) fileSender {
	t.Helper()
	var s fileSender
	for _, f := range formats {
		c, err := bedrock.NewCodec(claude45, &bedrock.Options{Format: f, Facts: set})
		if err != nil {
			t.Fatal(err)
		}
		s.codecs = append(s.codecs, c)
	}
	return s
}

// line tells in lines what is sent for a file: the block, with its warnings, or the
// error.
func (s fileSender) line(file model.Part) string {
	text := ""
	for _, c := range s.codecs {
		body, err := c.Encode(&model.Request{Messages: []model.Message{user(model.Text("a"), file)}})
		if err != nil {
			text += "  " + visible.Replace(strings.TrimPrefix(err.Error(), "bedrock: encode "+claude45+": ")) + "\n"
			continue
		}
		_, block, _ := strings.Cut(string(body.JSON), `"a"},`)
		block, _, _ = strings.Cut(block, "]}]")
		text += fmt.Sprintf("  %s %v\n", block, body.Warnings)
	}
	return text
}

// TestGoldensDataURLs keeps what data: URLs are read as.
func TestGoldensDataURLs(t *testing.T) {
	s := newFileSender(t, nil, bedrock.FormatConverse, bedrock.FormatAnthropic)
	var blocks []block
	for _, uri := range []string{
		"data:,a", "data:,", "data:", "data", "dat:,a", "DaTa:text/csv,a", "data:text/csv,a,b", "data:text/csv", "data:text/CSV ; charset=utf-8,a", "data:text/csv;charset=utf-8;base64,YQ==", "data:text/csv;base64;charset=utf-8,YQ==",
		"data:;,a", "data:;base64,YQ==", "data:base64,YQ==", "data:text/csv;BASE64,YQ==", "data:text/csv; base64 ,YQ==", "data:text/csv;base64x,YQ==", "data:text/csv;base6,YQ==",
		"data:text/csv,a%20b", "data:text/csv,a+b", "data:text/csv,a%2", "data:text/csv,a%zz", "data:text/csv,%", "data:text/csv;base64,YQ%3D%3D", "data:text/csv;base64,YQ%3D%3", "data:text/csv;base64,%59Q",
		"data:text/csv;base64,", "data:text/csv;base64,=", "data:text/csv;base64,Y", "data:text/csv;base64,YQ", "data:text/csv;base64,YQ=", "data:text/csv;base64,YQ===", "data:text/csv;base64,Y=Q", "data:text/csv;base64,YQ==\r\n", "data:text/csv;base64,Y\nQ\r\n=\n=", "data:text/csv;base64,Y Q\t=", "data:text/csv;base64,YWFhYWFh\r\nYWFh",
		"data:text/csv;base64,-_--", "data:text/csv;base64,+/++", "data:text/csv;base64,Pj4-", "data:text/csv;base64,Pz8_", "data:text/csv;base64,Pj4+Pz8/", "data:text/csv;base64,P!4-", "data:application/pdf;base64,JVBERi0=", "data:application/pdf,%25PDF-", "data:text/plain,%ff",
	} {
		blocks = append(blocks, block{visible.Replace(uri), s.line(model.Document{Name: "d", URI: uri}) + s.line(model.Document{Name: "d", URI: uri, MediaType: "text/html"}) + s.line(model.Image{URI: uri})})
	}
	checkGoldens(t, "data-urls", blocks)
}

// TestGoldensFileTypes keeps what the types of files are seen by.
func TestGoldensFileTypes(t *testing.T) {
	s := newFileSender(t, func(f *facts.Facts) { f.Input = facts.Media{} }, bedrock.FormatConverse)
	var blocks []block
	add := func(name string, files ...model.Part) {
		b := block{name: visible.Replace(name)}
		for _, file := range files {
			b.text += s.line(file)
		}
		blocks = append(blocks, b)
	}
	for _, begin := range []string{"\x89PNG\r\n\x1a\n", "\xff\xd8\xff", "GIF87a", "GIF89a", "RIFF1234WEBP", "%PDF-"} {
		var bytes []string
		for i := range len(begin) {
			bytes = append(bytes, begin[:i]+string(rune('!'+len(blocks)%9))+begin[i+1:]+"\x01")
		}
		for _, data := range append(bytes, begin, begin+"\x01", begin[:len(begin)-1], "\x01"+begin) {
			add(fmt.Sprintf("data %q", data), model.Image{Data: []byte(data)}, model.Document{Name: "d", Data: []byte(data)}, model.Document{Name: "d", MediaType: "text/plain", Data: []byte(data)}, model.Image{MediaType: "image/gif", Data: []byte(data)})
		}
	}
	for _, ext := range strings.Fields("png jpeg jpg gif webp pdf csv doc docx xls xlsx html txt md mkv mov mp4 webm flv mpeg mpg wmv three_gp mp3 opus wav aac flac ogg mka m4a mpga pcm x-aac exe") {
		names := []string{"k." + ext, "K." + strings.ToUpper(ext)}
		if ext == "png" || ext == "csv" {
			names = append(names, ext, "k."+ext+".", "a."+ext+"/k")
		}
		for _, name := range names {
			uri := "s3://b/" + name
			add(uri, model.Image{URI: uri}, model.Document{Name: "d", URI: uri}, model.Video{URI: uri}, model.Audio{URI: uri}, model.Document{Name: name, Data: []byte("?\x01")})
		}
	}
	for _, mediaType := range []string{"image/x-bedrock-new", "image/x-bedrock-", "/x-bedrock-new", "x-bedrock-new", "a/b/x-bedrock-new", "image/x-bedrock-png", "IMAGE/PNG", " image/png ; a=b", "image/jpg", "image/pjpeg", "jpeg", "jpg", ";", "image/png,image/gif", strings.Repeat("x", 64), strings.Repeat("x", 65)} {
		add("type "+mediaType, model.Image{MediaType: mediaType, Data: []byte("?\x01")}, model.Image{MediaType: mediaType, Data: pngData}, model.Document{Name: "d", MediaType: mediaType, Data: []byte("?\x01")}, model.Video{MediaType: mediaType, Data: []byte("?\x01")}, model.Audio{MediaType: mediaType, Data: []byte("?\x01")})
	}
	checkGoldens(t, "file-types", blocks)
}

// pictures are images with a size in their header, by format. Those of JPEG have
// all kinds of segments before it.
func pictures() map[string][]string {
	jpeg := func(segments ...string) string { return "\xff\xd8" + strings.Join(segments, "") }
	frame := func(marker byte) string {
		return string([]byte{0xff, marker}) + "\x00\x11\x08\x01\x02\x03\x04\x03\x01\x22\x00\x02\x11\x01\x03\x11\x01"
	}
	webp := func(chunk string) string { return "RIFF\x00\x00\x00\x00WEBP" + chunk }
	app := "\xff\xe0\x00\x04ab"
	all := map[string][]string{
		"PNG":  {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x02\x00\x00\x03\x04", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x81\x02\x03\x04\x85\x06\x07\x08", "\x89PNG\r\n\x1a\n\x00\x00\x00\rIDAT\x00\x00\x01\x02\x00\x00\x03\x04"},
		"GIF":  {"GIF89a\x01\x02\x03\x04", "GIF87a\x01\x02\x03\x04\x05", "GIF7  \x01\x02\x03\x04"},
		"WebP": {webp("VP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06"), webp("VP8L\x05\x00\x00\x00\x2f\x81\xc2\x53\x14....."), webp("VP8 ......\x9d\x01\x2a.\x01\xc2\x03\xc4."), webp("VP8?......\x9d\x01\x2a\x01\xc2\x03\xc4.."), "RIFF\x00\x00\x00\x00WAVEVP8X\x0a\x00\x00\x00\x00\x00\x00\x00\x01\x02\x03\x04\x05\x06"},
		"JPEG": {jpeg(frame(0xc0)), jpeg(app, frame(0xc2)), jpeg(app, "\xff\xff\xff"+frame(0xc1)), jpeg("\xff\x01", frame(0xc0)), jpeg("\xff\xd9", frame(0xc0)), jpeg("\xff\xda\x00\x04ab", frame(0xc0)), jpeg("\xff\xe1\x00\x02", frame(0xc0)), jpeg("\xff\xe1\x00\x00", frame(0xc0)), jpeg("\xff\xe1\xff\xff", frame(0xc0)), jpeg(app, "ab", frame(0xc0)), jpeg(app), jpeg(app + app + app)},
	}
	for marker := 0xbe; marker <= 0xe1; marker++ {
		all["JPEG"] = append(all["JPEG"], jpeg(app, frame(byte(marker)), frame(0xc0)), jpeg(string([]byte{0xff, byte(marker)}), frame(0xc0)))
	}
	for n := range uint16(20) { // lengths of segments before the frame
		all["JPEG"] = append(all["JPEG"], jpeg(string(binary.BigEndian.AppendUint16([]byte("\xff\xe2"), n))+strings.Repeat("a", 4), frame(0xc3)))
	}
	return all
}

// TestGoldensPictures keeps which sizes are read of images, and of their beginnings.
// A model that takes none of them says how large they are.
func TestGoldensPictures(t *testing.T) {
	withoutRace(t)
	s := newFileSender(t, func(f *facts.Facts) { f.Limits.ImagePixels = 1 }, bedrock.FormatConverse)
	var blocks []block
	for format, images := range pictures() {
		for i, data := range images {
			b := block{name: fmt.Sprintf("%s %d", format, i)}
			last := ""
			for n := range len(data) + 1 {
				if i > 2 && n < len(data) && format == "JPEG" { // whole ones say enough
					continue
				}
				_, size, _ := strings.Cut(s.line(model.Image{MediaType: "image/png", Data: []byte(data[:n])}), "and this one has ")
				size = strings.TrimSuffix(size, "; make it smaller\n")
				if n == len(data) || size != last {
					b.text += fmt.Sprintf("  %d bytes: %s\n", n, size)
				}
				last = size
			}
			blocks = append(blocks, b)
		}
	}
	sortBlocks(blocks)
	checkGoldens(t, "pictures", blocks)
}
