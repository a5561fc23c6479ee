package batch

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// found lists what pieces finds in a line.
func found(line string) string {
	var all []string
	pieces([]byte(line), func(id []byte, from, to int) { all = append(all, fmt.Sprintf("%s:%s", id, line[from:to])) })
	return strings.Join(all, " + ")
}

func TestPieces(t *testing.T) {
	const a = `{"recordId":"R0000000001","modelInput":{"x":"{\"recordId\":\"R0000000009\"}"},"modelOutput":{}}`
	const b = `{"recordId":"R0000000002","modelInput":{},"error":{"errorCode":400}}`
	cut := a[:50]
	nested := `{"recordId":"R0000000003","modelInput":{"schema":{"recordId":"R0000000009"}},"modelOutput":{}}`
	for line, want := range map[string]string{
		"":      "",
		"  ":    "",
		a:       "R0000000001:" + a,
		nested:  "R0000000003:" + nested,
		cut + b: "R0000000001:" + cut + " + R0000000002:" + b,
		cut:     "R0000000001:" + cut,
		`{ "recordId" : "R0000000004" , "modelOutput":{}}`: `R0000000004:{ "recordId" : "R0000000004" , "modelOutput":{}}`,
		`{"modelOutput":{},"recordId":"R0000000005"}`:      `R0000000005:{"modelOutput":{},"recordId":"R0000000005"}`,
		`{"recordId":"R00000`:                              `:{"recordId":"R00000`,
		`not JSON`:                                         ":not JSON",
	} {
		if got := found(line); got != want {
			t.Errorf("%s\n got %s\nwant %s", line, got, want)
		}
	}
}

func TestNumberOf(t *testing.T) {
	for n := range []int64{0, 1, 42, 9_999_999_999} {
		if got, ok := numberOf([]byte(recordID(int64(n)))); !ok || got != int64(n) {
			t.Errorf("%d became %d, %t", n, got, ok)
		}
	}
	for _, id := range []string{"", "R", "R000000000x", "r0000000001", "R00000000001", "R-000000001"} {
		if _, ok := numberOf([]byte(id)); ok {
			t.Errorf("%q is no id of ours", id)
		}
	}
}

// FuzzScan: output of whatever bytes is scanned, and what is found lies in it.
func FuzzScan(f *testing.F) {
	f.Add([]byte(`{"recordId":"R0000000001","modelOutput":{}}` + "\n" + `{"recordId":"R0000000002","err`))
	f.Add([]byte("\r\n\n{\"recordId\":{\"recordId\":\"R0000000001\""))
	f.Fuzz(func(t *testing.T, data []byte) {
		o := &outputs{}
		if err := o.scan(bytes.NewReader(data), 0, 0, 10); err != nil {
			t.Fatal(err)
		}
		for _, l := range o.found {
			if l.number < 0 || l.number > 10 || l.offset < 0 || l.offset+int64(l.length) > int64(len(data)) {
				t.Fatalf("%+v of %d bytes", l, len(data))
			}
		}
	})
}

// FuzzRead: a line of output of whatever bytes becomes an answer or an error.
func FuzzRead(f *testing.F) {
	var clients []*Client
	for _, form := range []Form{FormConverse, FormNative} {
		codec, form, err := form.choose("anthropic.claude-3-haiku-20240307-v1:0", nil)
		if err != nil {
			f.Fatal(err)
		}
		clients = append(clients, &Client{reporter: reporter{codec: codec}, form: form})
	}
	f.Add([]byte(`{"recordId":"R0000000001","modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn"}}`))
	f.Add([]byte(`{"recordId":"R0000000001","modelOutput":{"role":"assistant","content":[{"type":"text","text":"x"}],"stop_reason":"end_turn"}}`))
	f.Add([]byte(`{"recordId":"R0000000001","error":{"errorCode":400,"errorMessage":"bad request"}}`))
	f.Add([]byte(`{"recordId":"R0000000001","error":"no"}`))
	f.Add([]byte(`{"recordId":"R0000000001","response":{},"failure":{}}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, c := range clients {
			res := c.read(line, 1, &note{})
			if (res.Response == nil) == (res.Err == nil) {
				t.Fatalf("both or none: %v, %v", res.Response, res.Err)
			}
			if res.Err != nil && (res.Err.Kind == "" || res.Err.Message == "") {
				t.Fatalf("an error without kind or text: %#v", res.Err)
			}
		}
	})
}

func TestLongLines(t *testing.T) {
	long := strings.Repeat("x", 600<<10)
	l := newLines(strings.NewReader("a\r\n" + long + "\n\nb"))
	for _, want := range []string{"a", long, "", "b"} {
		if line, _, err := l.next(); err != nil || string(line) != want {
			t.Fatalf("%.10q, %v", line, err)
		}
	}
	if _, _, err := l.next(); err == nil {
		t.Error("there is no end")
	}
}
