package batchtest

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// A job is a job in the form that the service stores.
type job struct {
	Arn       string       `json:"jobArn"`
	Name      string       `json:"jobName"`
	Token     string       `json:"clientRequestToken,omitempty"`
	Model     string       `json:"modelId"`
	Type      string       `json:"modelInvocationType"`
	Role      string       `json:"roleArn"`
	Input     inputConfig  `json:"inputDataConfig"`
	Output    outputConfig `json:"outputDataConfig"`
	Status    string       `json:"status"`
	Message   string       `json:"message,omitempty"`
	Timeout   int          `json:"timeoutDurationInHours,omitempty"`
	Submitted string       `json:"submitTime"`
	Ended     string       `json:"endTime,omitempty"`
	Expires   string       `json:"jobExpirationTime,omitempty"`

	Total     int `json:"totalRecordCount"`
	Processed int `json:"processedRecordCount"`
	Succeeded int `json:"successRecordCount"`
	Failed    int `json:"errorRecordCount"`

	run *run
}

type inputConfig struct {
	S3 struct {
		URI    string `json:"s3Uri"`
		Format string `json:"s3InputFormat,omitempty"`
	} `json:"s3InputDataConfig"`
}

type outputConfig struct {
	S3 struct {
		URI string `json:"s3Uri"`
	} `json:"s3OutputDataConfig"`
}

// An exception is an error of the control plane.
type exception struct {
	code    string
	status  int
	message string
}

var (
	errThrottled = &exception{"ThrottlingException", http.StatusTooManyRequests, "Too many requests, please wait before trying again."}
	errNoJob     = &exception{"ResourceNotFoundException", http.StatusNotFound, "The specified job is not found."}
)

func invalid(message string) *exception {
	return &exception{"ValidationException", http.StatusBadRequest, message}
}

// serve answers the control plane.
// https://docs.aws.amazon.com/bedrock/latest/APIReference/API_Operations_Amazon_Bedrock.html
func (s *Server) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", fmt.Sprintf("batchtest-%d", time.Now().UnixNano()))
	out, e := s.operation(w, r)
	if e == nil && out == nil {
		return // the connection breaks without an answer
	}
	w.Header().Set("Content-Type", "application/json")
	if e != nil {
		w.Header().Set("X-Amzn-Errortype", e.code)
		w.WriteHeader(e.status)
		json.NewEncoder(w).Encode(map[string]string{"message": e.message})
		return
	}
	json.NewEncoder(w).Encode(out)
}

func (s *Server) operation(w http.ResponseWriter, r *http.Request) (any, *exception) {
	path := r.URL.EscapedPath()
	id, ofJob := strings.CutPrefix(path, "/model-invocation-job/")
	id, stop := strings.CutSuffix(id, "/stop")
	id, _ = url.PathUnescape(id)
	name := ""
	switch {
	case r.Method == http.MethodPost && path == "/model-invocation-job":
		name = "CreateModelInvocationJob"
	case r.Method == http.MethodGet && path == "/model-invocation-jobs":
		name = "ListModelInvocationJobs"
	case r.Method == http.MethodGet && ofJob && !stop:
		name = "GetModelInvocationJob"
	case r.Method == http.MethodPost && ofJob && stop:
		name = "StopModelInvocationJob"
	default:
		return nil, &exception{"UnknownOperationException", http.StatusNotFound, ""}
	}
	s.mu.Lock()
	s.calls[name]++
	s.mu.Unlock()
	if r.Header.Get("Authorization") == "" {
		return nil, &exception{"MissingAuthenticationTokenException", http.StatusForbidden, "Missing Authentication Token"}
	}
	if s.take(throttle) {
		return nil, errThrottled
	}
	switch name {
	case "CreateModelInvocationJob":
		return s.create(w, r)
	case "ListModelInvocationJobs":
		return s.list(r.URL.Query())
	case "GetModelInvocationJob":
		return s.get(r, id)
	}
	return s.stop(id)
}

var (
	namePattern  = regexp.MustCompile(`^[a-zA-Z0-9]{1,63}(-*[a-zA-Z0-9+\-.]){0,63}$`)
	tokenPattern = regexp.MustCompile(`^[a-zA-Z0-9]{1,256}(-*[a-zA-Z0-9]){0,256}$`)
)

func (s *Server) create(w http.ResponseWriter, r *http.Request) (any, *exception) {
	j := &job{}
	if err := json.NewDecoder(r.Body).Decode(j); err != nil {
		return nil, &exception{"SerializationException", http.StatusBadRequest, "The request cannot be read."}
	}
	switch {
	case len(j.Name) > 63 || !namePattern.MatchString(j.Name):
		return nil, invalid("jobName: does not match its pattern")
	case j.Token != "" && (len(j.Token) > 256 || !tokenPattern.MatchString(j.Token)):
		return nil, invalid("clientRequestToken: does not match its pattern")
	case j.Type != "" && j.Type != "Converse" && j.Type != "InvokeModel":
		return nil, invalid("modelInvocationType: must be InvokeModel or Converse")
	case j.Timeout != 0 && (j.Timeout < 24 || j.Timeout > 168):
		return nil, invalid("timeoutDurationInHours: must be between 24 and 168")
	case j.Model == "" || j.Role == "" || j.Input.S3.URI == "" || j.Output.S3.URI == "":
		return nil, invalid("a required member is missing")
	case strings.Contains(j.Model, ":provisioned-model/"):
		return nil, invalid("Batch inference isn't supported for provisioned models.")
	}
	s.work.Lock()
	defer s.work.Unlock()
	live := 0
	for _, have := range s.jobs {
		switch {
		case j.Token != "" && have.Token == j.Token:
			return map[string]string{"jobArn": have.Arn}, nil
		case have.Name == j.Name:
			return nil, &exception{"ConflictException", http.StatusConflict, "The job name is already in use."}
		case !have.ended():
			live++
		}
	}
	if live >= s.options.JobsAtOnce {
		return nil, &exception{"ServiceQuotaExceededException", http.StatusBadRequest, "You have exceeded the number of in-progress and submitted batch inference jobs."}
	}
	if j.Type == "" {
		j.Type = "InvokeModel"
	}
	j.Arn = fmt.Sprintf("arn:aws:bedrock:us-east-1:123456789012:model-invocation-job/job%09d", len(s.jobs))
	j.Status, j.Submitted = "Submitted", time.Now().UTC().Format(time.RFC3339Nano)
	s.jobs = append(s.jobs, j)
	if s.take(loseCreate) {
		if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
			conn.Close()
		}
		return nil, nil
	}
	return map[string]string{"jobArn": j.Arn}, nil
}

// find returns a job by its ARN or the last part of its ARN.
func (s *Server) find(id string) *job {
	for _, j := range s.jobs {
		if j.Arn == id || strings.HasSuffix(j.Arn, "/"+id) {
			return j
		}
	}
	return nil
}

func (j *job) ended() bool {
	switch j.Status {
	case "Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired":
		return true
	}
	return false
}

func (s *Server) get(r *http.Request, id string) (any, *exception) {
	s.work.Lock()
	defer s.work.Unlock()
	j := s.find(id)
	if j == nil {
		return nil, errNoJob
	}
	s.step(context.WithoutCancel(r.Context()), j) // the job goes on even if the caller has left
	return *j, nil
}

func (s *Server) stop(id string) (any, *exception) {
	s.work.Lock()
	defer s.work.Unlock()
	j := s.find(id)
	switch {
	case j == nil:
		return nil, errNoJob
	case j.ended():
		return nil, &exception{"ConflictException", http.StatusConflict, "The job has ended."}
	}
	j.Status = "Stopping"
	return struct{}{}, nil
}

// pageSize is the number of jobs on a page of a list.
const pageSize = 10

func (s *Server) list(q url.Values) (any, *exception) {
	s.work.Lock()
	defer s.work.Unlock()
	var page struct {
		Jobs []job  `json:"invocationJobSummaries"`
		Next string `json:"nextToken,omitempty"`
	}
	page.Jobs = []job{}
	if s.wrong().Unlisted {
		return page, nil
	}
	from := 0
	fmt.Sscanf(q.Get("nextToken"), "%d", &from)
	for i := len(s.jobs) - 1 - from; i >= 0; i-- { // newest first
		j := s.jobs[i]
		if !strings.Contains(j.Name, q.Get("nameContains")) || q.Get("statusEquals") != "" && q.Get("statusEquals") != j.Status {
			continue
		}
		if len(page.Jobs) == pageSize {
			page.Next = fmt.Sprint(len(s.jobs) - 1 - i)
			break
		}
		page.Jobs = append(page.Jobs, *j)
	}
	return page, nil
}
