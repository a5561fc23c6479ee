package wire

// A CountTokensRequest is the body of CountTokens. Exactly one field is set.
type CountTokensRequest struct {
	// Converse is the request to count. Only its fields
	// AdditionalModelRequestFields, Messages, System and ToolConfig are sent;
	// the operation has no others.
	Converse *Request
	// InvokeModel is the body of an InvokeModel request to count.
	InvokeModel []byte
	Unknown     *Unknown
}

// countTokens is the body, whose one member the exported type leaves out.
type countTokens struct{ input *CountTokensRequest }

func (t *countTokens) fields(c *codec) {
	object(c, "input", &t.input, (*CountTokensRequest).fields)
}

func (r *CountTokensRequest) fields(c *codec) {
	object(c, "converse", &r.Converse, (*Request).countFields)
	var body *invokeModelTokens
	if r.InvokeModel != nil {
		body = &invokeModelTokens{r.InvokeModel}
	}
	object(c, "invokeModel", &body, (*invokeModelTokens).fields)
	if !c.writing && body != nil {
		r.InvokeModel = body.body
	}
	c.union(&r.Unknown)
}

// countFields are the members that a request to count has. The others would be
// refused as unknown.
func (r *Request) countFields(c *codec) {
	c.document("additionalModelRequestFields", &r.AdditionalModelRequestFields)
	list(c, "messages", &r.Messages, (*Message).fields)
	list(c, "system", &r.System, (*SystemBlock).fields)
	object(c, "toolConfig", &r.ToolConfig, (*ToolConfig).fields)
}

// invokeModelTokens is the member around the body, which goes in base64.
type invokeModelTokens struct{ body []byte }

func (i *invokeModelTokens) fields(c *codec) { c.blob("body", &i.body) }

// AppendCountTokensRequest appends the JSON of r to dst.
func AppendCountTokensRequest(dst []byte, r *CountTokensRequest) []byte {
	return encode(dst, &countTokens{r}, (*countTokens).fields)
}

// ParseCountTokensRequest reads the body of CountTokens, by the rules of
// [ParseRequest]. A body without input gives a request with no field set, or an
// error if strict is set.
func ParseCountTokensRequest(data []byte, strict bool) (*CountTokensRequest, error) {
	var t countTokens
	if err := decode(data, strict, &t, (*countTokens).fields); err != nil {
		return nil, err
	}
	if t.input == nil {
		if strict {
			return nil, &FieldError{Path: "input", Problem: "missing"}
		}
		t.input = &CountTokensRequest{}
	}
	return t.input, nil
}

// A CountTokensResponse is the answer of CountTokens.
type CountTokensResponse struct{ InputTokens int }

func (r *CountTokensResponse) fields(c *codec) { c.count("inputTokens", &r.InputTokens) }

// AppendCountTokensResponse appends the JSON of r to dst.
func AppendCountTokensResponse(dst []byte, r *CountTokensResponse) []byte {
	return encode(dst, r, (*CountTokensResponse).fields)
}

// ParseCountTokensResponse reads the answer of CountTokens, by the rules of
// [ParseResponse], except that the count must be there: it is all there is, and a
// zero would be made up.
func ParseCountTokensResponse(data []byte) (*CountTokensResponse, error) {
	r := &CountTokensResponse{InputTokens: -1}
	if err := decode(data, false, r, (*CountTokensResponse).fields); err != nil {
		return nil, err
	}
	if r.InputTokens < 0 {
		return nil, &FieldError{Path: "inputTokens", Problem: "missing or negative"}
	}
	return r, nil
}
