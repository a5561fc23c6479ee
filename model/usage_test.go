package model_test

import (
	"encoding/json"
	"testing"
	"testing/quick"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

func TestUsageTotals(t *testing.T) {
	tests := []struct {
		u               model.Usage
		total, uncached int
	}{
		{model.Usage{}, 0, 0},
		{model.Usage{InputTokens: 29, OutputTokens: 11}, 40, 29},
		{model.Usage{InputTokens: 1540, OutputTokens: 10, CacheWriteTokens: 1528}, 1550, 12},
		{model.Usage{InputTokens: 1600, OutputTokens: 10, CacheReadTokens: 1528, CacheWriteTokens: 50}, 1610, 22},
	}
	for _, tt := range tests {
		if got := tt.u.Total(); got != tt.total {
			t.Errorf("%+v.Total() = %d, want %d", tt.u, got, tt.total)
		}
		if got := tt.u.UncachedTokens(); got != tt.uncached {
			t.Errorf("%+v.UncachedTokens() = %d, want %d", tt.u, got, tt.uncached)
		}
	}
}

func TestUsageAdd(t *testing.T) {
	hour := func(n int) model.CacheWrite { return model.CacheWrite{TTL: time.Hour, Tokens: n} }
	minutes := func(n int) model.CacheWrite { return model.CacheWrite{TTL: 5 * time.Minute, Tokens: n} }
	a := model.Usage{InputTokens: 1, OutputTokens: 2, CacheReadTokens: 3, CacheWriteTokens: 4, ReasoningTokens: 1, CacheWrites: []model.CacheWrite{minutes(4)}}
	b := model.Usage{InputTokens: 10, OutputTokens: 20, CacheReadTokens: 30, CacheWriteTokens: 40, ReasoningTokens: 5, CacheWrites: []model.CacheWrite{hour(30), minutes(10)}}
	want := model.Usage{InputTokens: 11, OutputTokens: 22, CacheReadTokens: 33, CacheWriteTokens: 44, ReasoningTokens: 6, CacheWrites: []model.CacheWrite{hour(30), minutes(14)}}
	diff(t, "a.Add(b)", want, a.Add(b))
	diff(t, "b.Add(a)", want, b.Add(a))
	diff(t, "a after Add", []model.CacheWrite{minutes(4)}, a.CacheWrites)
	diff(t, "b after Add", []model.CacheWrite{hour(30), minutes(10)}, b.CacheWrites)
	diff(t, "a.Add(zero)", a, a.Add(model.Usage{}))
	diff(t, "zero.Add(zero)", model.Usage{}, model.Usage{}.Add(model.Usage{CacheWrites: []model.CacheWrite{}}))
	three := model.Usage{CacheWrites: []model.CacheWrite{{TTL: 1, Tokens: 1}, {TTL: 3, Tokens: 3}, {TTL: 2, Tokens: 2}}}
	diff(t, "longest first", []model.CacheWrite{{TTL: 3, Tokens: 3}, {TTL: 2, Tokens: 2}, {TTL: 1, Tokens: 1}}, model.Usage{}.Add(three).CacheWrites)

	// The sum must not share memory with its operands.
	roomy := model.Usage{CacheWrites: append(make([]model.CacheWrite, 0, 8), minutes(1))}
	sum := roomy.Add(model.Usage{})
	sum.CacheWrites[0].Tokens = 99
	_ = roomy.Add(model.Usage{CacheWrites: []model.CacheWrite{hour(1)}})
	diff(t, "operand", []model.CacheWrite{minutes(1)}, roomy.CacheWrites)
}

// small makes lifetimes of a random usage meet.
func small(u model.Usage) model.Usage {
	for i := range u.CacheWrites {
		u.CacheWrites[i].TTL %= 3
	}
	return u
}

func TestUsageAddLaws(t *testing.T) {
	commutative := func(a, b model.Usage) bool {
		a, b = small(a), small(b)
		return cmp.Equal(a.Add(b), b.Add(a))
	}
	associative := func(a, b, c model.Usage) bool {
		a, b, c = small(a), small(b), small(c)
		return cmp.Equal(a.Add(b).Add(c), a.Add(b.Add(c)))
	}
	total := func(a, b model.Usage) bool { return a.Add(b).Total() == a.Total()+b.Total() }
	for name, law := range map[string]any{"commutative": commutative, "associative": associative, "total": total} {
		if err := quick.Check(law, &quick.Config{MaxCount: 500}); err != nil {
			t.Errorf("Add is not %s: %v", name, err)
		}
	}
}

// TestUsageKnown: what is not known is told as such, and never as zeros.
func TestUsageKnown(t *testing.T) {
	marshal := func(v any) string {
		data, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	zeros := `{"input_tokens":0,"output_tokens":0}`
	for _, tt := range []struct {
		name             string
		usage            *model.Usage
		alone, inMessage string
	}{
		{"nil", nil, "null", `{"message":{"role":"","parts":[]}}`},
		{"not known", &model.Usage{}, "null", `{"message":{"role":"","parts":[]}}`},
		{"zeros", &model.Usage{Known: true}, zeros, `{"message":{"role":"","parts":[]},"usage":` + zeros + `}`},
	} {
		resp := model.Response{Usage: tt.usage}
		diff(t, tt.name+": JSON", tt.alone, marshal(tt.usage))
		diff(t, tt.name+": JSON of the response", tt.inMessage, marshal(resp))
		if resp.Usage != tt.usage {
			t.Errorf("%s: marshalling changed the response", tt.name)
		}
		known := tt.usage != nil && tt.usage.Known
		if got := resp.TokenUsage(); got.Known != known {
			t.Errorf("%s: TokenUsage().Known = %t, want %t", tt.name, got.Known, known)
		}
		var back model.Response
		if err := json.Unmarshal([]byte(tt.inMessage), &back); err != nil || back.Usage == nil || back.Usage.Known != known {
			t.Errorf("%s: read back as %+v, %v, want a usage whose Known is %t", tt.name, back.Usage, err, known)
		}
	}
	if got := (*model.Response)(nil).TokenUsage(); got.Known {
		t.Error("the usage of no response is known")
	}
	var u model.Usage
	if err := json.Unmarshal([]byte(`{"input_tokens":7}`), &u); err != nil || !u.Known || u.InputTokens != 7 {
		t.Errorf("read %+v, %v, want 7 tokens that are known", u, err)
	}
	if err := json.Unmarshal([]byte("null"), &u); err != nil || u.Known || u.InputTokens != 0 {
		t.Errorf("read %+v, %v, want nothing known", u, err)
	}
	sum := model.Usage{}.Add(model.Usage{Known: true, InputTokens: 1}).Add(model.Usage{})
	if !sum.Known || sum.InputTokens != 1 || (model.Usage{}).Add(model.Usage{}).Known {
		t.Errorf("sum = %+v, want it known, and not for two that are not", sum)
	}
}
