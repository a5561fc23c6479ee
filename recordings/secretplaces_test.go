package recordings_test

import (
	"bytes"
	"compress/flate"
	"compress/zlib"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// An outcome is what becomes of a recording with a secret in some place.
type outcome string

const (
	scrubs  outcome = "scrubbed"     // a known value is replaced; a pattern is refused
	refuses outcome = "refused"      // nothing is written
	misses  outcome = "out of reach" // as the package's doc says
)

// A place is where a secret is in an exchange.
type place struct {
	name string
	want outcome
	hide func(secret string) recordings.Exchange
}

func answering(body []byte) recordings.Exchange {
	return recordings.Exchange{Method: "POST", URL: converseURL, RequestHeader: jsonHeader(), RequestBody: []byte(`{}`), Status: 200, ResponseHeader: jsonHeader(), ResponseBody: body}
}

func places() []place {
	var all []place
	add := func(name string, want outcome, body func(s string) []byte) {
		all = append(all, place{name, want, func(s string) recordings.Exchange { return answering(body(s)) }})
	}
	edit := func(name string, want outcome, do func(e *recordings.Exchange, s string)) {
		all = append(all, place{name, want, func(s string) recordings.Exchange {
			e := answering([]byte(`{}`))
			do(&e, s)
			return e
		}})
	}
	// around a body
	edit("query", scrubs, func(e *recordings.Exchange, s string) {
		e.URL = "https://bedrock-runtime.us-east-1.amazonaws.com/x?q=" + url.QueryEscape("<"+s+">")
	})
	edit("path", scrubs, func(e *recordings.Exchange, s string) {
		e.URL = "https://bedrock-runtime.us-east-1.amazonaws.com/model/" + strings.ReplaceAll(url.PathEscape(" "+s+" "), ":", "%3A") + "/converse"
	})
	edit("request header", scrubs, func(e *recordings.Exchange, s string) { e.RequestHeader = http.Header{"Accept": {s}} })
	edit("response header", scrubs, func(e *recordings.Exchange, s string) { e.ResponseHeader = http.Header{"X-Amzn-Errortype": {s}} })
	edit("request body", scrubs, func(e *recordings.Exchange, s string) { e.RequestBody = member("a", "it is "+s) })
	edit("form", refuses, func(e *recordings.Exchange, s string) { e.RequestBody = []byte("a=%20" + percent(s) + "&b=2") })
	edit("two blocks of a request", refuses, func(e *recordings.Exchange, s string) {
		e.RequestBody = inJSON(map[string]any{"content": []any{map[string]any{"text": "it is " + s[:len(s)/2]}, map[string]any{"text": s[len(s)/2:]}}})
	})

	// JSON and text
	add("text", scrubs, func(s string) []byte { return []byte("it is " + s + " you know") })
	add("string", scrubs, func(s string) []byte { return member("a", s) })
	add("string in an array", scrubs, func(s string) []byte { return inJSON([]any{1, []any{s}}) })
	add("string that stands alone", scrubs, func(s string) []byte { return inJSON(s) })
	add("key", scrubs, func(s string) []byte { return inJSON(map[string]any{s: 1}) })
	add("key of many", scrubs, func(s string) []byte { return inJSON(map[string]any{"a": map[string]any{s: map[string]any{"b": "c"}}}) })
	add("spaced JSON", scrubs, func(s string) []byte { return []byte("\t{ \"a\" :\r\n  " + string(inJSON(s)) + " }\n") })
	add("pieces in JSON behind blanks", refuses, func(s string) []byte {
		return append([]byte("\r\n\t "), inJSON([]any{s[:len(s)/2], s[len(s)/2:]})...)
	})
	add("cut JSON", scrubs, func(s string) []byte { return append([]byte(`{"a":{"b":`), inJSON(s)...) })
	add("two texts of JSON", scrubs, func(s string) []byte { return append([]byte("{\"a\":1}\n"), member("a", s)...) })
	add("escapes", refuses, func(s string) []byte { return []byte(`{"a":"` + allEscaped(s) + `"}`) })
	add("one escape", refuses, func(s string) []byte { return []byte(`{"a":"` + oneEscaped(s) + `"}`) })
	add("escapes in a key", refuses, func(s string) []byte { return []byte(`{"` + allEscaped(s) + `":1}`) })
	add("escapes in a text", refuses, func(s string) []byte { return []byte("print('" + hexEscaped(s) + "')") })
	add("escapes in cut JSON", refuses, func(s string) []byte { return []byte(`{"a":"b","c":"` + allEscaped(s)) })
	add("JSON in JSON", scrubs, func(s string) []byte { return member("a", string(member("b", s))) })
	add("JSON in JSON in JSON", scrubs, func(s string) []byte { return member("a", string(member("b", string(member("c", "it is "+s))))) })
	add("escapes in JSON in JSON", refuses, func(s string) []byte { return member("a", `{"b":"`+allEscaped(s)+`"}`) })
	add("JSON in a text", refuses, func(s string) []byte { return []byte(`the answer is {"b":"` + allEscaped(s) + `"}, as you see`) })
	add("octal escapes in a text", refuses, func(s string) []byte { return []byte("print('" + each(s, `\%03o`) + "')") })
	add("octal escapes in JSON", refuses, func(s string) []byte { return member("a", each(s, `\%03o`)) })
	add("escapes in braces", refuses, func(s string) []byte { return []byte("print('" + each(s, `\u{%x}`) + "')") })
	add("long escapes", refuses, func(s string) []byte { return []byte("print('" + each(s, `\U%08x`) + "')") })
	add("decimal entities", refuses, func(s string) []byte { return member("a", "<p>it is "+each(s, "&#%d;")+"</p>") })
	add("hexadecimal entities", refuses, func(s string) []byte { return []byte("<p>it is " + each(s, "&#x%X;") + "</p>") })
	add("entities without semicolons", refuses, func(s string) []byte { return []byte("<p>it is " + each(s, "&#%d") + " </p>") })
	add("named entities", refuses, func(s string) []byte { return member("a", named(s)) })
	add("entities in a page in base64", refuses, func(s string) []byte { return member("a", b64("<p>"+each(s, "&#%d;")+"</p>")) })
	add("entities twice", refuses, func(s string) []byte { return []byte("<p>" + each(s, "&amp;#%d;") + "</p>") })
	add("quoted-printable", refuses, func(s string) []byte { return []byte("Subject: x\r\n\r\nit is " + each(s, "=%02X") + "\r\n") })
	add("quoted-printable over lines", refuses, func(s string) []byte { return member("a", "it is "+strings.Join(over(s, 3, printable), "=\r\n")) })
	add("percent twice", refuses, func(s string) []byte { return member("a", "see https://h.test/?q="+percent(percent(" "+s))) })
	add("percent in escapes", refuses, func(s string) []byte { return []byte(`{"a":"` + allEscaped(percent(s)) + `"}`) })
	add("entities in percent", refuses, func(s string) []byte { return []byte("q=" + percent(each(s, "&#%d;"))) })
	add("URL in a text", refuses, func(s string) []byte { return member("a", "see https://h.test/?q="+percent(" "+s)) })

	// encodings
	add("base64", refuses, func(s string) []byte { return member("a", b64("it is "+s)) })
	add("base64, one byte in", refuses, func(s string) []byte { return member("a", b64(" "+s)) })
	add("base64 for URLs", refuses, func(s string) []byte { return member("a", base64.URLEncoding.EncodeToString([]byte("¿¿¿"+s))) })
	add("base64 without padding", refuses, func(s string) []byte { return member("a", strings.TrimRight(b64("it is "+s), "=")) })
	add("base64 in lines", refuses, func(s string) []byte {
		return []byte("Here:\n" + lines(b64(strings.Repeat("many words ", 11)+s+" and more"), 76) + "\n")
	})
	add("base64 in the shortest lines that go on", refuses, func(s string) []byte {
		before := strings.Repeat(" ", max(0, 45-len(s)/2)) // so that the secret is on two lines
		return []byte(lines(b64(before+s+" and more"), 60) + "\n")
	})
	add("base64 in a text", refuses, func(s string) []byte { return []byte("it is " + b64(" "+s) + ", decode it") })
	add("base64 in a path", refuses, func(s string) []byte { return member("a", "https://h.test/x/"+b64(" "+s)) })
	add("base64 in a list", refuses, func(s string) []byte { return []byte("[" + b64(" "+s) + "]") })
	add("base64 twice", refuses, func(s string) []byte { return member("a", b64(b64(" "+s))) })
	add("base64 three times", refuses, func(s string) []byte { return member("a", b64(b64(b64(" "+s)))) })
	add("JSON in base64", refuses, func(s string) []byte { return member("a", b64(string(member("b", s)))) })
	add("escapes in base64", refuses, func(s string) []byte { return member("a", b64(`{"b":"`+allEscaped(s)+`"}`)) })
	add("data URL", refuses, func(s string) []byte { return member("url", "data:text/plain;base64,"+b64("it is "+s)) })
	add("data URL without base64", refuses, func(s string) []byte { return member("url", "data:text/plain,"+percent("it is "+s)) })
	add("hex", refuses, func(s string) []byte { return member("a", hex.EncodeToString([]byte(" "+s))) })
	add("hex in capitals", refuses, func(s string) []byte { return member("a", "0x"+strings.ToUpper(hex.EncodeToString([]byte(" "+s)))) })
	add("base64 in hex", refuses, func(s string) []byte { return member("a", hex.EncodeToString([]byte(b64(" "+s)))) })
	add("hex with blanks", refuses, func(s string) []byte { return member("a", "it is "+spaced(s, " ")) })
	add("hex with colons", refuses, func(s string) []byte { return member("a", spaced(s, ":")) })
	add("hex with hyphens", refuses, func(s string) []byte { return []byte("it is " + strings.ToUpper(spaced(s, "-")) + "!") })
	add("hex in an array of bytes", refuses, func(s string) []byte { return []byte("b := []byte{" + each(s, "0x%02x, ") + "}") })
	add("hex with line breaks", refuses, func(s string) []byte { return []byte("bytes:\n" + spaced(s, "\n")) })
	add("hex with blanks over frames", refuses, func(s string) []byte { return frames(over(spaced(s, " "), 5, text0)...) })
	add("base32", refuses, func(s string) []byte { return member("a", base32.StdEncoding.EncodeToString([]byte("it is "+s))) })
	add("base32, one byte in", refuses, func(s string) []byte { return []byte("see A" + base32.StdEncoding.EncodeToString([]byte(" "+s))) })
	add("base32 in small letters", refuses, func(s string) []byte {
		return member("a", strings.ToLower(strings.TrimRight(base32.StdEncoding.EncodeToString([]byte(" "+s)), "=")))
	})
	add("base32 over frames", refuses, func(s string) []byte {
		return frames(over(base32.StdEncoding.EncodeToString([]byte(" "+s)), 3, text0)...)
	})
	add("UTF-16", refuses, func(s string) []byte { return []byte("\xff\xfe" + wide(s)) })
	add("UTF-16 in base64", refuses, func(s string) []byte { return member("a", b64(wide(s))) })
	add("UTF-16 in base64, the other way round", refuses, func(s string) []byte { return member("a", b64("\xfe\xff\x00"+wide(s))) })
	add("JSON in UTF-16 in base64", refuses, func(s string) []byte { return member("a", b64(wide(`{"b":"`+allEscaped(s)+`"}`))) })
	add("UTF-16 in escapes", refuses, func(s string) []byte { return []byte(`{"a":"` + allEscaped(wide(s)) + `"}`) })
	add("deflate in base64", refuses, func(s string) []byte { return member("a", b64(raw("it is "+s))) })
	add("deflate", refuses, func(s string) []byte { return []byte(raw("it is " + s)) })
	add("gzip", refuses, func(s string) []byte { return gzipped([]byte("it is " + s)) })
	add("gzip in base64", refuses, func(s string) []byte { return member("a", b64(string(gzipped(member("b", s))))) })
	add("zlib in base64", refuses, func(s string) []byte { return member("a", b64(string(deflated("it is "+s)))) })
	add("gzip in hex", refuses, func(s string) []byte { return member("a", hex.EncodeToString(gzipped([]byte("it is "+s)))) })

	// streams of frames
	add("frame", scrubs, func(s string) []byte { return frames(blockText(0, s)) })
	add("header of a frame", scrubs, func(s string) []byte { return testFrame(s, "{}") })
	add("after the frames", refuses, func(s string) []byte { return append(frames(blockText(0, "hi")), " it is "+s...) })
	add("two deltas", refuses, func(s string) []byte { return frames(over(s, 2, text0)...) })
	add("a delta a letter", refuses, func(s string) []byte { return frames(over(s, len(s), text0)...) })
	add("deltas between those of another block", refuses, func(s string) []byte { return frames(between(over(s, 5, text0), blockText(1, "other"))...) })
	add("two blocks one after the other", refuses, func(s string) []byte { return frames(blockText(0, "it is "+s[:len(s)/2]), blockText(1, s[len(s)/2:])) })
	add("deltas of reasoning", refuses, func(s string) []byte {
		return frames(over(s, 3, func(x string) string {
			return `{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":` + string(inJSON(x)) + `}}}`
		})...)
	})
	add("tool input over frames", refuses, func(s string) []byte { return frames(over(string(member("q", s)), 4, toolInput)...) })
	add("tool input with escapes over frames", refuses, func(s string) []byte { return frames(over(`{"q":"`+allEscaped(s)+`"}`, 4, toolInput)...) })
	add("tool input that is cut", refuses, func(s string) []byte { return frames(over(`{"q":"`+allEscaped(s), 4, toolInput)...) })
	add("base64 over frames", refuses, func(s string) []byte { return frames(over(b64(" "+s), 2, text0)...) })
	add("base64 in tool input over frames", refuses, func(s string) []byte { return frames(over(string(member("q", b64(" "+s))), 7, toolInput)...) })
	add("hex over frames", refuses, func(s string) []byte { return frames(over(hex.EncodeToString([]byte(" "+s)), 5, text0)...) })
	add("chunk", refuses, func(s string) []byte { return frames(chunk(`{"delta":{"text":` + string(inJSON(s)) + `}}`)) })
	add("two chunks", refuses, func(s string) []byte { return frames(chunks(over(s, 2, claude))...) })
	add("a chunk a letter", refuses, func(s string) []byte { return frames(chunks(over(s, len(s), claude))...) })
	add("a short chunk a letter", refuses, func(s string) []byte { return frames(chunks(over(s, len(s), titan))...) })
	add("chunks between those of another block", refuses, func(s string) []byte {
		return frames(chunks(between(over(s, 5, claude), strings.Replace(claude("other"), "0", "1", 1)))...)
	})
	add("tool input with escapes over chunks", refuses, func(s string) []byte { return frames(chunks(over(`{"q":"`+allEscaped(s)+`"}`, 4, partialJSON))...) })
	add("base64 over chunks", refuses, func(s string) []byte { return frames(chunks(over(b64(" "+s), 3, claude))...) })
	add("chunks of plain bytes", refuses, func(s string) []byte { return frames(chunks(over(" "+s, 3, func(x string) string { return x }))...) })
	add("gzip of frames", refuses, func(s string) []byte { return gzipped(frames(over(s, 2, text0)...)) })
	add("frames in base64", refuses, func(s string) []byte { return member("a", b64(string(frames(over(s, 2, text0)...)))) })

	// other streams
	add("deltas of two blocks in one event", refuses, func(s string) []byte {
		return frames(over(s, 3, func(x string) string {
			other := strings.Repeat("~", len(inJSON(x))-2) // so that both texts are of one length
			return string(inJSON([]string{blockText(0, x), blockText(1, other)}))
		})...)
	})
	add("pieces in a lone line of data", refuses, func(s string) []byte {
		return append([]byte("data: "), inJSON([]any{s[:len(s)/2], s[len(s)/2:]})...)
	})
	add("server-sent event", scrubs, func(s string) []byte { return sse("\n", string(member("a", s))) })
	add("server-sent event with escapes", refuses, func(s string) []byte { return sse("\n", `{"a":"`+allEscaped(s)+`"}`) })
	add("two server-sent events", refuses, func(s string) []byte { return sse("\n", over(s, 2, openAI)...) })
	add("a server-sent event a letter", refuses, func(s string) []byte { return sse("\r\n", over(s, len(s), openAI)...) })
	add("server-sent events of plain text", refuses, func(s string) []byte { return sse("\n", over(s, 3, func(x string) string { return x })...) })
	add("base64 over server-sent events", refuses, func(s string) []byte { return sse("\n", over(b64(" "+s), 3, openAI)...) })
	add("tool input over server-sent events", refuses, func(s string) []byte { return sse("\n", over(`{"q":"`+allEscaped(s)+`"}`, 4, openAITool)...) })
	add("an event in two lines", refuses, func(s string) []byte { return []byte("data: {\"a\":\ndata: \"" + allEscaped(s) + "\"}\n\n") })
	add("lines of JSON", refuses, func(s string) []byte { return []byte(strings.Join(over(s, 3, openAI), "\n")) })
	add("an array of events", refuses, func(s string) []byte { return []byte("[" + strings.Join(over(s, 3, openAI), ",\n") + "]") })

	// what no search for it finds
	add("backwards", misses, func(s string) []byte { return member("a", backwards(s)) })
	add("letters apart", misses, func(s string) []byte { return member("a", strings.Join(strings.Split(s, ""), " ")) })
	add("every letter a field of its own", misses, func(s string) []byte {
		m := map[string]any{}
		for i, c := range s {
			m[fmt.Sprintf("k%03d", i)] = string(c)
		}
		return inJSON(m)
	})
	return all
}

func member(key, value string) []byte { return inJSON(map[string]any{key: value}) }

func b64(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func userPassword(password string) *url.Userinfo { return url.UserPassword("somebody", password) }

// percent escapes every byte, as some encoders of URLs do.
func percent(s string) string {
	return each(s, "%%%02X")
}

func oneEscaped(s string) string {
	inside := string(inJSON(s))
	inside = inside[1 : len(inside)-1]
	at := strings.LastIndexFunc(inside, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z' })
	at = at * 3 / 4
	for inside[at] == '\\' || inside[at] == '"' || at > 0 && inside[at-1] == '\\' {
		at++
	}
	return inside[:at] + fmt.Sprintf(`\u%04x`, inside[at]) + inside[at+1:]
}

func hexEscaped(s string) string { return each(s, `\x%02x`) }

// each writes every byte in a format.
func each(s, format string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, format, s[i])
	}
	return b.String()
}

// named writes signs as HTML names them.
func named(s string) string {
	return "<p>" + strings.NewReplacer("&", "&amp;", "<", "&lt;", `"`, "&quot;", "_", "&lowbar;", "-", "&#x2D;", ":", "&colon;", "=", "&equals;", "/", "&sol;",
		"A", "&#65;", "s", "&#x73;", "p", "&#112;", "a", "&#97;", "k", "&#107;", "d", "&#100;", "9", "&#57;").Replace(s) + "</p>"
}

// printable is quoted-printable of a line.
func printable(s string) string { return strings.ReplaceAll(s, "=", "=3D") }

// spaced is hex with something between the bytes.
func spaced(s, between string) string {
	return strings.ReplaceAll(fmt.Sprintf("% x", s), " ", between)
}

// raw is deflate without a frame around it.
func raw(s string) string {
	var buf bytes.Buffer
	zw, err := flate.NewWriter(&buf, flate.BestCompression)
	if err != nil {
		panic(err)
	}
	zw.Write([]byte(s))
	zw.Close()
	return buf.String()
}

func lines(s string, width int) string {
	var b strings.Builder
	for len(s) > width {
		b.WriteString(s[:width] + "\r\n")
		s = s[width:]
	}
	return b.String() + s
}

func deflated(s string) []byte {
	var buf bytes.Buffer
	zw := zlib.NewWriter(&buf)
	zw.Write([]byte(s))
	zw.Close()
	return buf.Bytes()
}

func backwards(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

func wide(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		b.Write([]byte{byte(u), byte(u >> 8)})
	}
	return b.String()
}

// over cuts s into n pieces and makes an event of each.
func over(s string, n int, event func(string) string) []string {
	var events []string
	for i := range n {
		events = append(events, event(s[i*len(s)/n:(i+1)*len(s)/n]))
	}
	return events
}

// between puts an event between every two others.
func between(events []string, other string) []string {
	var all []string
	for _, e := range events {
		all = append(all, e, other)
	}
	return all
}

func frames(payloads ...string) []byte {
	var b []byte
	for _, p := range payloads {
		b = append(b, testFrame("x", p)...)
	}
	return b
}

func chunk(event string) string { return `{"bytes":"` + b64(event) + `","p":"abcdef"}` }

func chunks(events []string) []string {
	for i := range events {
		events[i] = chunk(events[i])
	}
	return events
}

func sse(end string, events ...string) []byte {
	var b strings.Builder
	for _, e := range events {
		b.WriteString("event: x" + end + "data: " + e + end + end)
	}
	return []byte(b.String())
}

func blockText(block int, s string) string {
	return fmt.Sprintf(`{"contentBlockIndex":%d,"delta":{"text":%s},"p":"abc"}`, block, inJSON(s))
}

func text0(s string) string { return blockText(0, s) }

func toolInput(s string) string {
	return `{"contentBlockIndex":0,"delta":{"toolUse":{"input":` + string(inJSON(s)) + `}}}`
}

func claude(s string) string {
	return `{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":` + string(inJSON(s)) + `}}`
}

func partialJSON(s string) string {
	return `{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta","partial_json":` + string(inJSON(s)) + `}}`
}

func openAI(s string) string {
	return `{"choices":[{"delta":{"content":` + string(inJSON(s)) + `},"index":0}]}`
}

func openAITool(s string) string {
	return `{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":` + string(inJSON(s)) + `}}]},"index":0}]}`
}

// titan is a short event, as makers of models have them that send one text.
func titan(s string) string { return fmt.Sprintf(`{"outputText":%s}`, inJSON(s)) }
