package catalog

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
)

// A Catalog lists the models and profiles that an account sees in a region.
type Catalog struct {
	Table   *rules.Table
	Account rules.Account
	Region  string // such as "us-east-1"
}

// A Call is a call of the control plane.
type Call struct {
	Operation string // as in the API reference, such as "GetFoundationModel"
	ID        string // the id of the model or profile
	find      func(c *Catalog, id string, query url.Values) (any, *Refusal)
}

// A Refusal is the error that answers a call.
type Refusal struct {
	Code    string // the exception's code
	Message string
}

// Find returns the call for a request, by its method and escaped path. An id is
// one label of the path, in which an ARN's slash is escaped.
func Find(method, escapedPath string) (Call, bool) {
	first, label, one := strings.Cut(strings.TrimPrefix(escapedPath, "/"), "/")
	id, err := url.PathUnescape(label)
	if method != http.MethodGet || err != nil || one && label == "" || strings.Contains(label, "/") {
		return Call{}, false
	}
	switch {
	case first == "foundation-models" && !one:
		return Call{"ListFoundationModels", "", (*Catalog).models}, true
	case first == "foundation-models":
		return Call{"GetFoundationModel", id, (*Catalog).model}, true
	case first == "inference-profiles" && !one:
		return Call{"ListInferenceProfiles", "", (*Catalog).profiles}, true
	case first == "inference-profiles":
		return Call{"GetInferenceProfile", id, (*Catalog).profile}, true
	}
	return Call{}, false
}

// Answer returns the body of the answer to a call.
func (c *Catalog) Answer(call Call, query url.Values) ([]byte, *Refusal) {
	v, refusal := call.find(c, call.ID, query)
	if refusal != nil {
		return nil, refusal
	}
	body, err := json.Marshal(v)
	if err != nil {
		return nil, &Refusal{"InternalServerException", err.Error()}
	}
	return body, nil
}

// oneOf refuses a parameter whose value is not one of the given ones, in the
// words of the service's validation.
func oneOf(query url.Values, name, values string) *Refusal {
	given := query.Get(name)
	if given == "" {
		return nil
	}
	for v := range strings.SplitSeq(values, ", ") {
		if v == given {
			return nil
		}
	}
	return constraint(given, name, "satisfy enum value set: ["+values+"]")
}

func constraint(value, name, must string) *Refusal {
	return &Refusal{"ValidationException", "1 validation error detected: Value '" + value + "' at '" + name + "' failed to satisfy constraint: Member must " + must}
}

// invalidID is the refusal of an id that no model has.
var invalidID = &Refusal{"ValidationException", "The provided model identifier is invalid."}
