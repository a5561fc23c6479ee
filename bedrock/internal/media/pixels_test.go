package media_test

import (
	"bytes"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/media"
)

// encoded returns an image of the given size in each format that the standard
// library writes.
func encoded(t testing.TB, w, h int) map[string][]byte {
	t.Helper()
	img := image.NewPaletted(image.Rect(0, 0, w, h), color.Palette{color.Black, color.White})
	all := map[string][]byte{}
	for name, encode := range map[string]func(*bytes.Buffer) error{
		"png":  func(b *bytes.Buffer) error { return png.Encode(b, img) },
		"jpeg": func(b *bytes.Buffer) error { return jpeg.Encode(b, img, nil) },
		"gif":  func(b *bytes.Buffer) error { return gif.Encode(b, img, nil) },
	} {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		all[name] = b.Bytes()
	}
	return all
}

// webps are the headers of images of 3 by 2 pixels, written after the
// description of the format: lossy, lossless and extended.
var webps = map[string]string{
	"lossy":    "RIFF\x1e\x00\x00\x00WEBPVP8 \x12\x00\x00\x00\xb0\x01\x00\x9d\x01*\x03\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00",
	"lossless": "RIFF\x19\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00/\x02@\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
	"extended": "RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x10\x00\x00\x00\x02\x00\x00\x01\x00\x00",
}

func TestPixels(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {300, 7}, {5, 8001}} {
		for name, data := range encoded(t, size[0], size[1]) {
			if w, h := media.Pixels(data); w != size[0] || h != size[1] {
				t.Errorf("%s: %d by %d, want %v", name, w, h, size)
			}
			if name == "jpeg" { // with a long comment and a fill before the frame
				data = append([]byte("\xff\xd8\xff\xff\xfe\x00\x06abcd"), data[2:]...)
				if w, h := media.Pixels(data); w != size[0] || h != size[1] {
					t.Errorf("%s with a comment: %d by %d, want %v", name, w, h, size)
				}
			}
		}
	}
	for name, text := range webps {
		if w, h := media.Pixels([]byte(text)); w != 3 || h != 2 {
			t.Errorf("webp, %s: %d by %d, want 3 by 2", name, w, h)
		}
	}
	for _, data := range []string{"", "text", "\x89PNG\r\n\x1a\n", "GIF89a", "\xff\xd8\xff", "\xff\xd8\xff\xd9\xff\xff", "RIFF0000WEBP", "RIFF0000WEBPjunk____________________"} {
		if w, h := media.Pixels([]byte(data)); w != 0 || h != 0 {
			t.Errorf("%q: %d by %d, want none", data, w, h)
		}
	}
}

// FuzzPixels compares the result with the standard library's, for headers that
// both can read.
func FuzzPixels(f *testing.F) {
	for _, data := range encoded(f, 300, 7) {
		f.Add(data)
	}
	for _, text := range webps {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w, h := media.Pixels(data)
		if w < 0 || h < 0 {
			t.Fatalf("%d by %d", w, h)
		}
		if c, format, err := image.DecodeConfig(bytes.NewReader(data)); err == nil && format != "jpeg" && (w != c.Width || h != c.Height) {
			t.Errorf("%s: %d by %d, want %d by %d", format, w, h, c.Width, c.Height)
		}
	})
}
