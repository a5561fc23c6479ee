//go:build !js

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write COMPARISON.md from the answers of the servers")

// A compared is a request, and the rule that it breaks.
type compared struct {
	Rule, Asks, Model, Operation string
	Body                         json.RawMessage
}

// TestComparison checks COMPARISON.md, which says what this server does with
// requests that each break one rule. BEDROCK_COMPARE, such as
// other=http://localhost:4566, names another server, for which -update then
// writes a column too.
func TestComparison(t *testing.T) {
	data, err := os.ReadFile("testdata/comparison.json")
	if err != nil {
		t.Fatal(err)
	}
	var rows []compared
	if err := json.Unmarshal(data, &rows); err != nil {
		t.Fatal(err)
	}
	own, _ := startServe(t)
	others := readOthers(t)
	if other := os.Getenv("BEDROCK_COMPARE"); other != "" && *update {
		name, at, ok := strings.Cut(other, "=")
		if !ok {
			t.Fatalf("BEDROCK_COMPARE is %q; it should be like other=http://localhost:4566", other)
		}
		others[name] = map[string]string{}
		for _, row := range rows {
			_, others[name][row.Asks] = ask(t, at, row)
		}
		data, err := json.MarshalIndent(others, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(othersFile, append(data, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	names := slices.Sorted(maps.Keys(others))
	var b bytes.Buffer
	b.WriteString(comparisonHead)
	fmt.Fprintf(&b, "| rule | request | bedrock-local | %s |\n|---|---|---|%s\n", strings.Join(names, " | "), strings.Repeat("---|", len(names)))
	for _, row := range rows {
		status, said := ask(t, own, row)
		if (status == 200) != (row.Rule == "") {
			t.Errorf("%s: %d %s", row.Asks, status, said)
		}
		fmt.Fprintf(&b, "| %s | %s | %s |", row.Rule, row.Asks, said)
		for _, name := range names {
			fmt.Fprintf(&b, " %s |", others[name][row.Asks])
		}
		b.WriteString("\n")
		if row.Rule != "" && !vetted(t, own, row) {
			t.Errorf("%s does not break %s", row.Asks, row.Rule)
		}
	}
	if *update {
		if err := os.WriteFile("COMPARISON.md", b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile("COMPARISON.md")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(page, b.Bytes()) {
		t.Error("COMPARISON.md does not match the answers of the server; if the change is intended, run go test -run TestComparison ./cmd/bedrock-local -update")
	}
}

// othersFile holds what other servers said when they were tried.
const othersFile = "testdata/comparison_others.json"

func readOthers(t *testing.T) map[string]map[string]string {
	t.Helper()
	data, err := os.ReadFile(othersFile)
	if err != nil {
		t.Fatal(err)
	}
	var others map[string]map[string]string
	if err := json.Unmarshal(data, &others); err != nil {
		t.Fatal(err)
	}
	return others
}

const comparisonHead = `# What servers refuse

Each row is a request that breaks one rule of the service. RULES.md of package bedrocktest lists the rules by name, with their texts and
sources. A server passes a row if it refuses the request, and the last row if it answers.

Only one other server could be run on the machine where this page was made: aimock 1.43.0 from npm, on 2026-11-26, with one fixture that
answers every request. Servers that come as containers or from the Python index were not tried. To try another server, run

    BEDROCK_COMPARE=name=http://localhost:4566 go test -run TestComparison ./cmd/bedrock-local -update

which adds a column for it. The server must be set up to answer every valid request.

`

func ask(t *testing.T, at string, row compared) (status int, said string) {
	t.Helper()
	resp := send(t, at+"/model/"+url.PathEscape(row.Model)+"/"+row.Operation, row.Body)
	defer resp.Body.Close()
	if resp.StatusCode == 200 {
		return 200, "answered"
	}
	var v struct{ Message string }
	if data, err := io.ReadAll(resp.Body); err != nil || json.Unmarshal(data, &v) != nil {
		return resp.StatusCode, fmt.Sprintf("%d, in another form", resp.StatusCode)
	}
	code, _, _ := strings.Cut(resp.Header.Get("X-Amzn-Errortype"), ":")
	if code == "" {
		return resp.StatusCode, fmt.Sprintf("%d, in another form", resp.StatusCode)
	}
	return resp.StatusCode, fmt.Sprintf("%d %s: %s", resp.StatusCode, code, strings.ReplaceAll(v.Message, "|", `\|`))
}

func vetted(t *testing.T, at string, row compared) bool {
	t.Helper()
	resp := send(t, at+"/_local/v1/vet/model/"+url.PathEscape(row.Model)+"/"+row.Operation, row.Body)
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	return err == nil && strings.Contains(string(data), `"rule": "`+row.Rule+`"`)
}

func send(t *testing.T, at string, body []byte) *http.Response {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", "Bearer any")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	return resp
}
