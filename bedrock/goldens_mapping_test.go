package bedrock_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/model"
)

// ours is the layout of what these tests make themselves, and brief that of the
// many of which the warnings say the most: a body of more than mostBrief bytes
// is a digest there.
var (
	ours  = layout{wide: 100, long: 600}
	brief = layout{wide: mostBrief, long: 80}
)

const mostBrief = 240

// mappingGroups are the rows of the mapping tests, by the test that asserts
// them.
func mappingGroups() []goldenGroup {
	rows := func(name string, all []mapping) goldenGroup {
		g := goldenGroup{name: name}
		for _, row := range all {
			req := row.req
			if req.Messages == nil {
				req.Messages = hi
			}
			g.add(row.name, row.model, req)
		}
		return g
	}
	docs := goldenGroup{name: "documents of JSON"}
	for _, doc := range documents {
		docs.add(doc, claude37, documentRequest(doc))
	}
	for i, row := range sameNames() {
		docs.add(fmt.Sprint("of one name ", i), claude45, row.req)
	}
	return []goldenGroup{
		rows("messages", mapMessages()),
		rows("citations", mapCitations()),
		rows("media types", mapMediaTypes()),
		rows("media sources", mapMediaSources()),
		rows("document names", mapDocumentNames()),
		docs,
		rows("tools", mapTools()),
		rows("tool choice", mapToolChoice()),
		rows("tool choice, more", mapToolChoiceMore()),
		rows("tool blocks", mapToolBlocks()),
		rows("server tools", mapServerTools()),
		rows("tool blocks as text", mapToolBlocksAsText()),
		rows("thinking", mapThinking()),
		rows("sampling", mapSampling()),
		rows("replay", mapReplay()),
		rows("cache points", mapCachePoints()),
		rows("automatic caching", mapAutomaticCaching()),
		rows("output", mapOutput()),
		rows("settings", mapSettings()),
	}
}

// A goldenGroup is the cases of one golden file.
type goldenGroup struct {
	name   string
	models []string // of the cases that ask adds
	cases  []goldenCase
}

// add adds a request for a model. The same request for another model, under a
// name that begins with the model's id, becomes one case with it.
func (g *goldenGroup) add(name, modelID string, req model.Request) {
	name, perModel := strings.CutPrefix(name, modelID+" ")
	name = strings.Join(strings.Fields(visible.Replace(name)), " ")
	for base, n := name, 2; ; n++ {
		i := slices.IndexFunc(g.cases, func(c goldenCase) bool { return c.name == name })
		if i < 0 {
			g.cases = append(g.cases, goldenCase{name: name, models: []string{modelID}, req: &req})
			return
		}
		if c := &g.cases[i]; perModel && !slices.Contains(c.models, modelID) && cmp.Equal(c.req, &req) {
			c.models = append(c.models, modelID)
			return
		}
		name = fmt.Sprintf("%s #%d", base, n)
	}
}

func (g *goldenGroup) check(t *testing.T, file string) {
	t.Helper()
	var blocks []block
	for i, c := range g.cases {
		if inSample(i) {
			blocks = append(blocks, c.block(t, ours))
		}
	}
	// Rows that loops over maps make have no order.
	slices.SortFunc(blocks, func(a, b block) int { return strings.Compare(a.name, b.name) })
	checkSample(t, file, blocks)
}

// TestGoldensMapping checks the bytes of every row of the mapping tests at both
// doors. The rows say what is right at Converse, and why. The goldens say what
// is sent at each door.
func TestGoldensMapping(t *testing.T) {
	for _, g := range mappingGroups() {
		t.Run(g.name, func(t *testing.T) {
			g.check(t, "mapping-"+strings.NewReplacer(" ", "-", ",", "").Replace(g.name))
		})
	}
}
