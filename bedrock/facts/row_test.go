package facts_test

import (
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/facts"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestRowShowsInVet adds one row for a model of tomorrow. Vet must follow it
// and name its source, and no longer follow the rows of a sibling.
func TestRowShowsInVet(t *testing.T) {
	const id = "us.anthropic.claude-opus-6"
	req := &model.Request{Messages: []model.Message{model.User("Hi")}, StopSequences: []string{"END"}}
	if facts.Lookup(id).Known {
		t.Fatalf("%s has a row; take an id here that has none", id)
	}
	before, err := bedrock.Vet(id, req, nil)
	if err != nil {
		t.Fatal(err)
	}
	if before.Sibling == "" || len(before.Findings) != 1 || before.Refused() {
		t.Fatalf("without the row: %s, want a sibling, and nothing but a warning of it", before)
	}
	table, err := facts.Without().With("anthropic.claude-opus-6", facts.GradeProbe, "2027-01-02", "stop sequences are not supported", map[string]any{
		"model": "Claude Opus 6", "sampling.stop_sequences": facts.SupportNo,
	})
	if err != nil {
		t.Fatal(err)
	}
	after, err := bedrock.Vet(id, req, &bedrock.Options{Facts: func(f *facts.Facts) { *f = table.Lookup(f.ID) }})
	if err != nil {
		t.Fatal(err)
	}
	if after.Sibling != "" || len(after.Findings) != 1 {
		t.Fatalf("with the row: %s, want one finding and no sibling", after)
	}
	f := after.Findings[0]
	if f.Kind != model.ErrUnsupported || f.Field != "stop_sequences" || f.Fact != "sampling.stop_sequences" || f.Source == nil {
		t.Fatalf("with the row: %+v, want stop sequences refused", f)
	}
	want := facts.Source{Name: "sampling.stop_sequences", Value: "no", Grade: facts.GradeProbe, Date: time.Date(2027, 1, 2, 0, 0, 0, 0, time.UTC), Text: "stop sequences are not supported"}
	if *f.Source != want {
		t.Errorf("source = %+v, want that of the row", *f.Source)
	}
	if got := table.Date(); !got.Equal(want.Date) {
		t.Errorf("the table is of %v, want the row's date", got)
	}
}
