package media

import (
	"bytes"
	"encoding/binary"
)

// Pixels returns the width and the height of an image in one of the formats of
// [Image]. It reads no more than the header. Both are zero if that cannot be
// read.
func Pixels(data []byte) (width, height int) {
	switch {
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")) && len(data) >= 24 && string(data[12:16]) == "IHDR":
		return int(binary.BigEndian.Uint32(data[16:]) & 0x7fffffff), int(binary.BigEndian.Uint32(data[20:]) & 0x7fffffff)
	case bytes.HasPrefix(data, []byte("GIF8")) && len(data) >= 10:
		return int(binary.LittleEndian.Uint16(data[6:])), int(binary.LittleEndian.Uint16(data[8:]))
	case bytes.HasPrefix(data, []byte("\xff\xd8")):
		return jpegPixels(data[2:])
	case bytes.HasPrefix(data, []byte("RIFF")) && len(data) >= 30 && string(data[8:12]) == "WEBP":
		return webpPixels(data[12:])
	}
	return 0, 0
}

// jpegPixels looks for the start of a frame (SOF) among the segments that follow
// the start of the image. https://www.w3.org/Graphics/JPEG/itu-t81.pdf, annex B
func jpegPixels(data []byte) (width, height int) {
	for len(data) >= 4 && data[0] == 0xff {
		marker := data[1]
		switch {
		case marker == 0xff: // fills
			data = data[1:]
			continue
		case marker == 0x01, marker >= 0xd0 && marker <= 0xd8: // has no content
			data = data[2:]
			continue
		case marker == 0xd9, marker == 0xda: // the end, or the picture without a frame
			return
		}
		n := 2 + int(binary.BigEndian.Uint16(data[2:]))
		if frame := marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc; frame && len(data) >= 9 {
			return int(binary.BigEndian.Uint16(data[7:])), int(binary.BigEndian.Uint16(data[5:]))
		}
		if n > len(data) {
			return
		}
		data = data[n:]
	}
	return
}

// webpPixels reads the first chunk of a WebP file, of at least 18 bytes.
// https://developers.google.com/speed/webp/docs/riff_container
func webpPixels(chunk []byte) (width, height int) {
	little := binary.LittleEndian
	switch string(chunk[:4]) {
	case "VP8X":
		return 1 + int(little.Uint32(chunk[11:])>>8), 1 + int(little.Uint32(chunk[14:])>>8)
	case "VP8L":
		bits := little.Uint32(chunk[9:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case "VP8 ":
		return int(little.Uint16(chunk[14:]) & 0x3fff), int(little.Uint16(chunk[16:]) & 0x3fff)
	}
	return 0, 0
}
