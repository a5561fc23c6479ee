package local_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// A test in any language sets a script for a world of its own, runs its code
// against the server, and verifies what was asked.
func ExampleServer() {
	s, err := local.New(&local.Options{Bedrock: &bedrocktest.Options{Off: []bedrocktest.Rule{"bearer-tls"}}})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	ts := httptest.NewServer(s)
	defer ts.Close()

	send := func(method, path, body string) {
		req, err := http.NewRequest(method, ts.URL+path, strings.NewReader(body))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set(local.WorldHeader, "test-7")
		req.Header.Set("Authorization", "Bearer any")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			fmt.Println(err)
			return
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		_, text, found := strings.Cut(string(answer), `"text":"`)
		text, _, _ = strings.Cut(text, `"`)
		fmt.Println(strings.TrimSpace(fmt.Sprint(resp.StatusCode, " ", found, " ", text)))
	}
	send("PUT", "/_local/v1/script", `["Hello from the script."]`)
	send("POST", "/model/us.anthropic.claude-opus-5/converse", `{"messages":[{"role":"user","content":[{"text":"Hi."}]}]}`)
	send("POST", "/_local/v1/verify", `{"calls":[{"model":"*opus*","text":"Hi.","times":1}],"nothing_else":true}`)
	// Output:
	// 200 false
	// 200 true Hello from the script.
	// 200 false
}
