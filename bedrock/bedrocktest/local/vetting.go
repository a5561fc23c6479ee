package local

import (
	"net/http"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// A violationInfo is a rule that a body breaks.
type violationInfo struct {
	Rule    string `json:"rule"`  // empty if the body does not have the form of the operation
	About   string `json:"about"` // the rule, in words
	Code    string `json:"code"`
	Status  int    `json:"status"`
	Message string `json:"message"` // the service's text
}

// postVet judges a body without answering it.
func postVet(s *Server, w *world, r *http.Request) (any, *problem) {
	operation, ok := operations[r.PathValue("op")]
	if !ok {
		return nil, wrong("path", "it should end in converse, converse-stream, count-tokens, invoke or invoke-with-response-stream")
	}
	body, p := readBody(r)
	if p != nil {
		return nil, p
	}
	violations, err := w.current().Vet(operation, r.PathValue("id"), body)
	if err != nil {
		return nil, &problem{status: http.StatusConflict, Field: "options", Message: err.Error()}
	}
	about := map[bedrocktest.Rule]string{}
	for _, rule := range bedrocktest.Rules() {
		about[rule.Rule] = rule.About
	}
	list := []violationInfo{}
	for _, v := range violations {
		list = append(list, violationInfo{string(v.Rule), about[v.Rule], v.Exception.Code, v.Exception.Status, v.Exception.Message})
	}
	return map[string]any{"accepted": len(list) == 0, "violations": list}, nil
}
