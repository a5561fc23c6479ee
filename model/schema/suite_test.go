package schema_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"

	"github.com/chatmodel-go/chatmodel/model/schema"
)

// suite returns the files of the JSON Schema Test Suite that come with the
// library.
func suite(t *testing.T, draft string) []string {
	t.Helper()
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/google/jsonschema-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(out)), "jsonschema", "testdata", draft, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no files of the test suite: %v", err)
	}
	return files
}

// TestSuite compares the verdicts with those of the JSON Schema Test Suite and
// of the library. It counts the schemas that Compile refuses.
func TestSuite(t *testing.T) {
	for draft, uri := range map[string]string{"draft2020-12": "https://json-schema.org/draft/2020-12/schema", "draft7": "http://json-schema.org/draft-07/schema#"} {
		checked, refused := 0, 0
		for _, file := range suite(t, draft) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var groups []struct {
				Description string
				Schema      json.RawMessage
				Tests       []struct {
					Description string
					Data        json.RawMessage
					Valid       bool
				}
			}
			if err := json.Unmarshal(data, &groups); err != nil {
				t.Fatal(err)
			}
			for _, g := range groups {
				raw := g.Schema
				if draft == "draft7" && raw[0] == '{' && !strings.Contains(string(raw), `"$schema"`) {
					raw = append([]byte(`{"$schema":"`+uri+`"`), append(separator(raw), raw[1:]...)...)
				}
				v, err := schema.Compile(raw)
				if err != nil {
					refused++
					continue
				}
				for _, test := range g.Tests {
					checked++
					if err := v.Validate(test.Data); (err == nil) != test.Valid && !known(g.Description, test.Description) {
						t.Errorf("%s: %s: %s: error = %v, want valid %v", filepath.Base(file), g.Description, test.Description, err, test.Valid)
					}
				}
			}
		}
		t.Logf("%s: %d values checked, %d schemas not supported", draft, checked, refused)
		if checked < 700 {
			t.Errorf("%s: %d values checked, want more", draft, checked)
		}
	}
}

func separator(object json.RawMessage) []byte {
	if strings.TrimSpace(string(object[1:])) == "}" {
		return nil
	}
	return []byte(",")
}

// known are deviations that the package documents.
func known(group, test string) bool { return false }

// FuzzVerdict compares the verdicts with the library's.
func FuzzVerdict(f *testing.F) {
	for _, test := range values {
		f.Add(test.schema, test.value)
	}
	f.Fuzz(func(t *testing.T, raw, data string) {
		v, err := schema.Compile(json.RawMessage(raw))
		if err != nil || len(raw) > 300 || len(data) > 60 {
			return
		}
		for _, skipped := range []string{"$schema", "dependencies", "additionalItems", `"items":[`, "items", "definitions", "enum", "const", "$ref", "1e"} {
			if strings.Contains(raw, skipped) && skipped != "items" { // read in another way here, or rounded there
				return
			}
		}
		root := new(jsonschema.Schema)
		if json.Unmarshal([]byte(raw), root) != nil {
			return
		}
		resolved, err := root.Resolve(nil)
		if err != nil {
			return
		}
		var value any
		if json.Unmarshal([]byte(data), &value) != nil {
			return
		}
		if want, got := resolved.Validate(value), v.Validate([]byte(data)); (want == nil) != (got == nil) {
			t.Errorf("schema %s, value %s: got %v, the library says %v", raw, data, got, want)
		}
	})
}
