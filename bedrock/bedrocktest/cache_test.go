package bedrocktest_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// A clock is moved by hand.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// counters are those of a usage, as the wire names them.
type counters struct {
	In, Read, Write, Out, Total int
	Details                     string
	HasRead, HasWrite           bool
}

func usageOf(t *testing.T, a answer) counters {
	t.Helper()
	if a.status != 200 {
		t.Fatalf("status %d, %s", a.status, a.body)
	}
	var v struct {
		Usage map[string]json.RawMessage
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatal(err)
	}
	number := func(name string) (n int, has bool) {
		raw, has := v.Usage[name]
		if has {
			if err := json.Unmarshal(raw, &n); err != nil {
				t.Fatal(err)
			}
		}
		return n, has
	}
	var c counters
	c.In, _ = number("inputTokens")
	c.Out, _ = number("outputTokens")
	c.Total, _ = number("totalTokens")
	c.Read, c.HasRead = number("cacheReadInputTokens")
	c.Write, c.HasWrite = number("cacheWriteInputTokens")
	c.Details = string(v.Usage["cacheDetails"])
	for name, twin := range map[string]string{"cacheReadInputTokens": "cacheReadInputTokenCount", "cacheWriteInputTokens": "cacheWriteInputTokenCount"} {
		if a, b := string(v.Usage[name]), string(v.Usage[twin]); a != b {
			t.Errorf("%s is %q, %s is %q", name, a, twin, b)
		}
	}
	if c.Total != c.In+c.Read+c.Write+c.Out {
		t.Errorf("the counters do not add up: %s", a.body)
	}
	return c
}

// words returns a text of n tokens.
func tokensOf(n int, word string) string { return text(strings.Repeat(word+"___"[:4-len(word)], n)) }

// TestCacheSequence writes to the cache, reads all of it, reads a part, and
// lets it expire.
func TestCacheSequence(t *testing.T) {
	now := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	s := memory(always("four"), &bedrocktest.Options{Now: now.Now})
	system := `"system":[` + tokensOf(1500, "s") + `,` + point + `]`
	turn := func(last string) string { return with(conversation(user(tokensOf(10, last))), system) }
	long := func(last string) string {
		return with(conversation(user(tokensOf(2000, "u"), point, tokensOf(7, last))), system)
	}
	five := func(n int) string { return fmt.Sprintf(`[{"inputTokens":%d,"ttl":"5m"}]`, n) }
	for _, step := range []struct {
		name    string
		advance time.Duration
		model   string
		body    string
		want    counters
	}{
		{"write", 0, sonnet45, turn("a"), counters{In: 10, Write: 1500, Details: five(1500)}},
		{"read", time.Minute, sonnet45, turn("b"), counters{In: 10, Read: 1500}},
		{"a read prolongs", 4*time.Minute + 59*time.Second, sonnet45, turn("c"), counters{In: 10, Read: 1500}},
		{"another profile of the model", 0, "eu." + strings.TrimPrefix(sonnet45, "us."), turn("c"), counters{In: 10, Read: 1500}},
		{"another model", 0, sonnet4, turn("c"), counters{In: 10, Write: 1500}},
		{"a longer prefix", 0, sonnet45, long("a"), counters{In: 7, Read: 1500, Write: 2000, Details: five(2000)}},
		{"all of it", 0, sonnet45, long("b"), counters{In: 7, Read: 3500}},
		{"expired", 5 * time.Minute, sonnet45, turn("d"), counters{In: 10, Write: 1500, Details: five(1500)}},
		{"only a part is left", 0, sonnet45, long("c"), counters{In: 7, Read: 1500, Write: 2000, Details: five(2000)}},
		{"without a cache point", 0, sonnet45, with(conversation(user(tokensOf(10, "a"))), `"system":[`+tokensOf(1500, "s")+`]`), counters{In: 1510}},
		{"tools come first", 0, sonnet45, with(turn("a"), tools), counters{In: 10, Write: 1500 + 5, Details: five(1505)}},
		{"thinking changes no system prompt", 0, sonnet45, with(turn("a"), think), counters{In: 10, Read: 1500}},
		{"but messages", 0, sonnet45, with(long("c"), think), counters{In: 7, Read: 1500, Write: 2000, Details: five(2000)}},
	} {
		now.advance(step.advance)
		step.want.Out, step.want.HasRead, step.want.HasWrite = 1, true, true
		step.want.Total = step.want.In + step.want.Read + step.want.Write + step.want.Out
		if diff := cmp.Diff(step.want, usageOf(t, ask(t, s, step.model, step.body))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
	}
}

func TestCacheLifetimes(t *testing.T) {
	now := &clock{now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	s := memory(always("four"), &bedrocktest.Options{Now: now.Now})
	body := with(conversation(user(tokensOf(500, "u"), point)), `"system":[`+tokensOf(1500, "s")+`,`+hourPoint+`]`)
	first := usageOf(t, ask(t, s, sonnet45, body))
	if want := `[{"inputTokens":1500,"ttl":"1h"},{"inputTokens":500,"ttl":"5m"}]`; first.Details != want {
		t.Errorf("details %s, want %s", first.Details, want)
	}
	now.advance(30 * time.Minute)
	if got := usageOf(t, ask(t, s, sonnet45, body)); got.Read != 1500 || got.Write != 500 {
		t.Errorf("after half an hour: %+v", got)
	}
	now.advance(time.Hour)
	if got := usageOf(t, ask(t, s, sonnet45, body)); got.Read != 0 || got.Write != 2000 {
		t.Errorf("after an hour: %+v", got)
	}
	// A model without that lifetime.
	if got := usageOf(t, ask(t, s, sonnet4, body)); got.Write != 2000 || got.Details != "" {
		t.Errorf("written by an older model: %+v", got)
	}
	now.advance(6 * time.Minute)
	if got := usageOf(t, ask(t, s, sonnet4, body)); got.Read != 0 {
		t.Errorf("an older model remembers for an hour: %+v", got)
	}
}

// TestCacheMinimum sends a prefix that is one token too short to be cached, and
// one that is just long enough.
func TestCacheMinimum(t *testing.T) {
	for _, row := range []struct {
		model   string
		minimum int
	}{
		{claude37, 1024}, {sonnet4, 1024}, {sonnet45, 1024}, {novaMicro, 1000},
		{"anthropic.claude-3-5-haiku-20241022-v1:0", 2048}, {"us.anthropic.claude-haiku-4-5-20251001-v1:0", 4096},
		{"us.anthropic.claude-opus-4-5-20251101-v1:0", 4096}, {"global.anthropic.claude-opus-4-6-v1", 4096},
	} {
		for _, n := range []int{row.minimum - 1, row.minimum} {
			s := memory(always("four"), nil)
			body := conversation(user(tokensOf(n, "u"), point, text("?")))
			got := usageOf(t, ask(t, s, row.model, body))
			if want := n >= row.minimum; (got.Write == n) != want || !want && got.In != n+1 {
				t.Errorf("%s: a prefix of %d tokens gives %+v", row.model, n, got)
			}
		}
	}
	s := memory(always("four"), nil)
	if got := usageOf(t, ask(t, s, novaMicro, conversation(user(tokensOf(32_001, "u"), point)))); got.Write != 0 {
		t.Errorf("Nova caches more than it can: %+v", got)
	}
}

// TestCacheLookback checks that what was cached up to 20 blocks before a cache
// point is found.
func TestCacheLookback(t *testing.T) {
	for blocks, found := range map[int]bool{20: true, 21: false} {
		s := memory(always("four"), nil)
		first := tokensOf(2000, "u")
		ask(t, s, sonnet45, conversation(user(first, point)))
		more := strings.Repeat(text("x")+",", blocks)
		got := usageOf(t, ask(t, s, sonnet45, conversation(user(first, strings.TrimSuffix(more, ","), point))))
		if (got.Read == 2000) != found {
			t.Errorf("%d blocks on: %+v", blocks, got)
		}
	}
}

// TestCacheCounters checks which counters there are without any caching.
func TestCacheCounters(t *testing.T) {
	for _, row := range []struct {
		model             string
		hasRead, hasWrite bool
	}{{sonnet45, true, true}, {sonnet5, true, false}, {novaMicro, false, false}, {gptOSS, false, false}} {
		s := memory(always("four"), nil)
		if got := usageOf(t, ask(t, s, row.model, conversation(hello))); got.HasRead != row.hasRead || got.HasWrite != row.hasWrite {
			t.Errorf("%s: %+v", row.model, got)
		}
		if got := strings.Join(stream(t, s, row.model, conversation(hello)), "\n"); strings.Contains(got, "cache") {
			t.Errorf("%s: stream\n%s", row.model, got)
		}
	}
}

// TestUsage checks whose counters are sent.
func TestUsage(t *testing.T) {
	cachedPrompt := conversation(user(tokensOf(2000, "u"), point, tokensOf(3, "v")))
	plain := conversation(user(tokensOf(3, "v")))
	for _, row := range []struct {
		name  string
		body  string
		usage *model.Usage
		want  counters
	}{
		{"counted", plain, nil, counters{In: 3, Out: 2}},
		{"given", plain, &model.Usage{Known: true, InputTokens: 70, OutputTokens: 30}, counters{In: 70, Out: 30}},
		{"given with a cache", plain, &model.Usage{Known: true, InputTokens: 70, OutputTokens: 30, CacheReadTokens: 60}, counters{In: 10, Out: 30, Read: 60}},
		{"the cache counts", cachedPrompt, &model.Usage{Known: true, InputTokens: 70, OutputTokens: 30}, counters{In: 3, Write: 2000, Out: 30}},
		{"unless one is given", cachedPrompt, &model.Usage{Known: true, InputTokens: 70, OutputTokens: 30, CacheWriteTokens: 50}, counters{In: 20, Write: 50, Out: 30}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := memory(fake.New(fake.Text("12345").Usage(row.usage)), nil)
			got := usageOf(t, ask(t, s, sonnet4, row.body))
			row.want.Total = row.want.In + row.want.Read + row.want.Write + row.want.Out
			row.want.HasRead, row.want.HasWrite = true, true
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("usage (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCountTokens compares the operation with what Converse counts.
func TestCountTokens(t *testing.T) {
	s := memory(always("x"), nil)
	body := with(conversation(user(text("hello, wörld"), image(9)), assistant(`{"toolUse":{"toolUseId":"t1","name":"f","input":{"a":[1,2,3]}}}`), user(result1)), tools, `"system":[{"text":"be brief"}]`)
	a := post(t, s, "anthropic.claude-sonnet-4-20250514-v1:0", "count-tokens", `{"input":{"converse":`+body+`}}`)
	// tool f 1+17, system 8, text 13, image 1600 tokens, call 2+1+13, result 2+1
	if want := `{"inputTokens":1616}`; string(a.body) != want || a.status != 200 {
		t.Errorf("%d %s, want %s", a.status, a.body, want)
	}
	if got := usageOf(t, ask(t, s, sonnet4, body)); got.In != 1616 {
		t.Errorf("Converse counts %+v", got)
	}
	// The same prompt as Claude's own body counts the same, and no other body does.
	native := `{"anthropic_version":"bedrock-2023-05-31","max_tokens":9,"system":"be brief","tools":[{"name":"f","input_schema":{"type":"object"}}],"messages":[` +
		`{"role":"user","content":[{"type":"text","text":"hello, wörld"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"iVBORw0KGgoA"}}]},` +
		`{"role":"assistant","content":[{"type":"tool_use","id":"t1","name":"f","input":{"a":[1,2,3]}}]},` +
		`{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"r"}]}]}]}`
	counted := func(body string) answer {
		return post(t, s, "anthropic.claude-sonnet-4-20250514-v1:0", "count-tokens", `{"input":{"invokeModel":{"body":"`+base64.StdEncoding.EncodeToString([]byte(body))+`"}}}`)
	}
	if b := counted(native); string(b.body) != `{"inputTokens":1616}` {
		t.Errorf("a native body counts %s, want 1616", b.body)
	}
	if b := counted("nonsense"); b.status != 400 {
		t.Errorf("nonsense counts %s, want a refusal", b.body)
	}
}
