package batch

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
)

// missing returns the error of a record that is not in the output of its job.
func (r *reporter) missing(j *Job) *model.Error {
	switch j.Status {
	case StatusStopped:
		return r.error(model.ErrCanceled, resultsOp, CodeNotRun, "the job was stopped before it reached the record")
	case StatusExpired, StatusPartiallyCompleted:
		return r.error(model.ErrTimeout, resultsOp, CodeNotRun, "the job's time ran out before it reached the record")
	case StatusFailed:
		text := "the job failed"
		if j.Message != "" {
			text += ": " + j.Message
		}
		return r.error(model.ErrProvider, resultsOp, CodeNotRun, text)
	}
	return r.error(model.ErrTruncated, resultsOp, CodeMissing, "the job has ended, and the record is not in its output")
}

// read reads a line of output.
func (c *Client) read(line []byte, n int64, about *note) *Result {
	var rec struct {
		RecordID    string          `json:"recordId"`
		ModelOutput json.RawMessage `json:"modelOutput"`
		Error       json.RawMessage `json:"error"`
		Response    *model.Response `json:"response"` // the response of a call
		Metadata    *metadata       `json:"metadata"` // of that response
		Failure     *failure        `json:"failure"`
	}
	unread := func(why string) *Result {
		return &Result{Err: c.error(model.ErrMalformed, resultsOp, CodeUnread, "the record's line in the output cannot be read: "+why)}
	}
	if err := json.Unmarshal(line, &rec); err != nil {
		return unread(err.Error())
	}
	switch {
	case rec.RecordID != recordID(n):
		return unread("its id is that of another record")
	case rec.Response != nil:
		rec.Metadata.into(rec.Response)
		return &Result{Response: rec.Response}
	case rec.Failure != nil:
		return &Result{Err: c.revived(resultsOp, rec.Failure)}
	case len(rec.Error) > 0 && string(rec.Error) != "null":
		return &Result{Err: c.refusal(rec.Error)}
	case len(rec.ModelOutput) == 0 || string(rec.ModelOutput) == "null":
		return unread("it has no modelOutput and no error")
	}
	resp, err := c.codec.Decode(&bedrock.Body{Warnings: about.Warnings, ResponseFieldPaths: about.Paths}, rec.ModelOutput)
	if err != nil {
		return &Result{Err: relabel(resultsOp, err)}
	}
	return &Result{Response: resp}
}

// refusal returns the error in a modelOutput such as {"errorCode": 400,
// "errorMessage": "bad request"}.
// https://docs.aws.amazon.com/bedrock/latest/userguide/batch-inference-results.html
func (r *reporter) refusal(raw json.RawMessage) *model.Error {
	var e struct {
		Code    json.RawMessage `json:"errorCode"`
		Message string          `json:"errorMessage"`
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return r.codec.Failure(resultsOp, 0, "", string(raw))
	}
	text := string(bytes.Trim(e.Code, `"`))
	status, err := strconv.Atoi(text)
	if err != nil {
		return r.codec.Failure(resultsOp, 0, text, e.Message)
	}
	return r.codec.Failure(resultsOp, status, "", e.Message)
}
