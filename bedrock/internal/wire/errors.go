package wire

import (
	"encoding/json"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/rawjson"
)

// An ErrorBody is the body of a refused call, or the payload of an exception in
// a stream.
type ErrorBody struct {
	// Code is the name of the exception, if the body has it. Usually it is in a
	// header instead, of the answer or of the frame. AppendError leaves it there.
	Code string
	// Message is for people.
	Message string
	// OriginalStatusCode, OriginalMessage and ResourceName are what the model
	// behind the service answered, in the exceptions of the model. AppendError
	// does not write the name of the resource.
	OriginalStatusCode int
	OriginalMessage    string
	ResourceName       string
}

// ParseError reads an error body. It takes what it finds: a body that is not a
// JSON object, such as the page of a proxy, gives a zero value. The status of the
// call says enough then, and a second error would hide the first.
func ParseError(body []byte) ErrorBody {
	var m map[string]json.RawMessage
	if json.Unmarshal(body, &m) != nil {
		return ErrorBody{}
	}
	word := func(names ...string) string {
		for _, name := range names {
			var s string
			if json.Unmarshal(m[name], &s) == nil && s != "" {
				return s
			}
		}
		return ""
	}
	e := ErrorBody{
		Code:            ErrorCode(word("__type", "code")),
		Message:         word("message", "Message"),
		OriginalMessage: word("originalMessage"),
		ResourceName:    word("resourceName"),
	}
	// What is not a status of HTTP is left out: it would only mislead.
	if status, ok := rawjson.Int(m["originalStatusCode"]); ok && status >= 100 && status <= 999 {
		e.OriginalStatusCode = status
	}
	return e
}

// ErrorCode strips what the header x-amzn-ErrorType and the member __type put
// around the name of an exception: a namespace before # and anything after a
// colon, as in
//
//	ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/
func ErrorCode(s string) string {
	s, _, _ = strings.Cut(s, ":")
	if _, name, ok := strings.Cut(s, "#"); ok {
		s = name
	}
	return s
}

func (e *ErrorBody) fields(c *codec) {
	c.text("message", &e.Message)
	c.word("originalMessage", &e.OriginalMessage)
	if e.OriginalStatusCode != 0 {
		c.count("originalStatusCode", &e.OriginalStatusCode)
	}
}

// AppendError appends the JSON of e to dst, as a server does. Zero fields are left
// out, except Message.
func AppendError(dst []byte, e *ErrorBody) []byte {
	return encode(dst, e, (*ErrorBody).fields)
}
