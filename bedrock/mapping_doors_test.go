package bedrock_test

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// A limit is how rows end over InvokeModel where that is not as on Converse,
// because the model's format has no place for something, or has one that
// Converse lacks.
type limit struct {
	why  string
	rows []string // tests, by name; * at the end is any end

	less, more []string        // warnings that there are not, or are, unlike on Converse
	fails      model.ErrorKind // the kind of the error, if it is another one
	answered   bool            // though Converse refuses it
}

var limits = []limit{
	{why: "the format marks the last block itself; Converse takes no point straight behind a document", rows: []string{"TestMapCachePoints/straight_after_a_document,_for_Claude"},
		less: []string{"moved messages[0].parts[2]"}},
	{why: "the same", rows: []string{"TestMapCachePoints/straight_after_a_first_document,_for_Claude"}, less: []string{"dropped messages[0].parts[1]"}},
	{why: "the same", rows: []string{"TestMapCachePoints/before_a_document_and_straight_after_it,_for_Claude"}, less: []string{"dropped messages[0].parts[3]"}},
	{why: "a document may stand without text", rows: []string{"TestMapAutomaticCaching/a_last_turn_that_is_a_document"}, less: []string{"changed messages[3].parts[0]"}},
	{why: "the same", rows: []string{"TestMapHistories/a_document_with_no_text_beside_it"}, less: []string{"changed messages[0].parts[0]"}},
	{why: "the same, so that blank text beside it is not needed", rows: []string{"TestMapHistories/white_space_between_a_document_and_a_cache_point"},
		more: []string{"dropped messages[0].parts[1]"}},
	{why: "a document's title may be any text", rows: []string{"TestMapDocumentNames/*"}, less: []string{"changed messages[0].parts[1].name"}},
	{why: "guard content is text in tags, and needs a guardrail", rows: []string{"TestMapMessages/system_messages_in_one_list"},
		more: []string{"changed messages[2].parts[1]", "changed messages[2].parts[2]"}},
	{why: "the same", rows: []string{"TestMapCitations/guard_content"}, more: []string{"changed messages[0].parts[1]", "changed messages[0].parts[2]"}},
	{why: "unknown blocks of Converse mean nothing to the format", rows: []string{"TestMapMessages/blank_and_unknown_parts_of_a_system_message"},
		more: []string{"dropped messages[0].parts[3]"}},
	{why: "the same", rows: []string{"TestMapMessages/opaque_blocks_go_back_to_Bedrock_only"}, more: []string{"dropped messages[1]", "dropped messages[1].parts[0]"}},
	{why: "the same", rows: []string{"TestMapMessages/an_opaque_block_that_is_no_JSON", "TestMapMessages/an_opaque_block_without_data"},
		more: []string{"dropped messages[0].parts[1]"}, answered: true},
	{why: "the same", rows: []string{"TestMapToolBlocks/every_kind_of_content_in_a_result"}, more: []string{"dropped messages[2].parts[0].parts[4]"}},
	{why: "Converse's citations of the web and of unknown kinds mean nothing to the format", rows: []string{"TestMapCitations/every_kind_of_location"},
		more: []string{"dropped messages[1].parts[0].citations", "dropped messages[1].parts[0].citations", "dropped messages[1].parts[0].citations"}},
	{why: "the same", rows: []string{"TestMapCitations/a_location_of_unknown_kind_that_is_no_JSON"}, less: []string{"dropped messages[1].parts[0].citations[0].location"},
		more: []string{"dropped messages[1].parts[0].citations"}},
	{why: "a citation has a location", rows: []string{"TestMapCitations/blank_cited_text"}, more: []string{"dropped messages[1].parts[0].citations"}},
	{why: "the format takes citations of search results back", less: []string{"dropped messages[1].parts[0].citations"},
		rows: []string{"TestMapCitations/citations_of_search_results_have_no_way_back", "TestMapCitations/nothing_but_citations_of_search_results"}},
	{why: "a schema has neither name nor description beside it", more: []string{"dropped output.name", "dropped output.description"},
		rows: []string{"TestMapOutput/objects_are_closed_at_every_depth", "TestMapOutput/bounds_of_a_schema_become_words,_digit_by_digit", "TestMapOutput/with_an_effort"}},
	{why: "prompts of Prompt management are for Converse alone", rows: []string{"TestMapSettings/prompt_variables"}, fails: model.ErrUnsupported},
	{why: "the format knows its own tools by type", rows: []string{"TestMapCachePoints/more_than_four_among_tools", "TestMapTools/a_cache_point_behind_a_tool_that_the_service_runs"},
		fails: model.ErrUnsupported},
	{why: "the format has a choice of none, so that the tools and their blocks stay", rows: []string{"TestMapToolChoiceMore/none,_with_calls_in_the_history"},
		less: []string{"changed messages[1].parts[0]", "changed messages[2].parts[0]"}},
	{why: "redacted thinking is a text in the format, and the row's is none", more: []string{"dropped messages[1].parts[0]"}, rows: []string{
		"TestMapReplay/" + claude37 + "_r_", "TestMapReplay/" + claude45 + "_r_", "TestMapReplay/" + claude46 + "_r_", "TestMapReplay/" + claude47 + "_r_", "TestMapReplay/" + claude5 + "_r_",
		"TestMapReplay/" + claude37 + "_r_bedrock", "TestMapReplay/" + claude45 + "_r_bedrock", "TestMapReplay/" + claude46 + "_r_bedrock", "TestMapReplay/" + claude47 + "_r_bedrock", "TestMapReplay/" + claude5 + "_r_bedrock"}},
	{why: "the format has no place for thinking of the history", more: []string{"dropped messages[1].parts[0]"}, rows: []string{
		"TestMapReplay/" + gptOSS + "_u_", "TestMapReplay/" + gptOSS + "_u_bedrock", "TestMapReplay/" + gptOSS + "_r_", "TestMapReplay/" + gptOSS + "_r_bedrock"}},
	{why: "results are text in the format, JSON too", rows: []string{"TestMapToolBlocks/results_that_are_JSON_but_no_objects"}, less: []string{
		"changed messages[2].parts[0].parts[0]", "changed messages[2].parts[0].parts[1]", "changed messages[2].parts[0].parts[2]", "changed messages[2].parts[0].parts[3]"}},
}

// limitOf returns the limit that a row meets, and how it ends there.
func (row mapping) limitOf(test string) (l *limit, warns []string, fails model.ErrorKind) {
	for i := range limits {
		l := &limits[i]
		if !slices.ContainsFunc(l.rows, func(name string) bool {
			begin, any := strings.CutSuffix(name, "*")
			return name == test || any && strings.HasPrefix(test, begin)
		}) {
			continue
		}
		warns = append(slices.Clone(row.warns), l.more...)
		for _, w := range l.less {
			if i := slices.Index(warns, w); i >= 0 {
				warns = slices.Delete(warns, i, i+1)
			}
		}
		fails = row.fails
		if l.fails != "" || l.answered {
			fails = l.fails
		}
		return l, warns, fails
	}
	return nil, row.warns, row.fails
}

// nativeFormat is the format of a model whose bodies over InvokeModel are known.
func nativeFormat(modelID string) bedrock.Format {
	switch {
	case strings.Contains(modelID, "anthropic."):
		return bedrock.FormatAnthropic
	case strings.HasPrefix(modelID, "openai.gpt-oss"), strings.HasPrefix(modelID, "qwen."):
		return bedrock.FormatOpenAI
	}
	return ""
}

// checkInvoke sends the request of a row over InvokeModel: it ends as on
// Converse, with the same warnings and the same kind of error, unless the row
// names a limit of the format.
func (row mapping) checkInvoke(t *testing.T) {
	t.Helper()
	format := nativeFormat(row.model)
	limit, warns, fails := row.limitOf(t.Name())
	switch {
	case format == "" && limit == nil:
		return
	case format == "":
		t.Fatalf("the row names a limit of the format, but that of %s is not known", row.model)
	case limit != nil && fails == row.fails && cmp.Equal(sorted(warns), sorted(row.warns)) && !strings.HasSuffix(limit.rows[0], "*"):
		t.Error("the row names a limit of the format that makes no difference; take it out")
	}
	unary, streamed := callInvoke(t, row.model, format, &row.req)
	for _, c := range []outcome{unary, streamed} {
		if fails != "" {
			if e, ok := errors.AsType[*model.Error](c.err); !ok || e.Kind != fails || c.body != nil {
				t.Errorf("%s over InvokeModel: error = %v, want kind %q and nothing sent", c.op, c.err, fails)
			}
			continue
		}
		if c.err != nil {
			t.Errorf("%s over InvokeModel: %v", c.op, c.err)
			continue
		}
		warns := warns
		if row.whole && c.op == "stream" {
			warns = append([]string{"changed stream"}, warns...)
		}
		if diff := cmp.Diff(sorted(warns), sorted(short(c.resp.Warnings))); diff != "" {
			t.Errorf("%s over InvokeModel: warnings (-want +got):\n%s\nin words: %v", c.op, diff, c.resp.Warnings)
		}
	}
}

// callInvoke is callBoth over InvokeModel.
func callInvoke(t testing.TB, modelID string, format bedrock.Format, req *model.Request) (unary, streamed outcome) {
	t.Helper()
	unary, streamed = outcome{op: "generate"}, outcome{op: "stream"}
	now := &unary
	m := newModel(t, modelID, roundTrip(func(r *http.Request) (*http.Response, error) {
		var err error
		if now.body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		contentType, body := door{r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], format}.answer()
		return answer(body, contentType), nil
	}), &bedrock.Options{Format: bedrock.FormatAuto})
	unary.resp, unary.err = m.Generate(t.Context(), req)
	now = &streamed
	streamed.resp, streamed.err = m.Stream(t.Context(), req).Response()
	return unary, streamed
}
