package batch_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/chatmodel-go/chatmodel/bedrock/batch"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestRedirects checks that neither a redirect of the control plane nor one of
// S3 takes a request, and the session token with it, to another host.
func TestRedirects(t *testing.T) {
	var asked atomic.Int32
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { asked.Add(1) }))
	t.Cleanup(stranger.Close)
	var status int
	endpoint := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, stranger.URL+r.URL.Path, status)
	}))
	t.Cleanup(endpoint.Close)
	tr := &http.Transport{}
	t.Cleanup(tr.CloseIdleConnections)
	own := &http.Client{Transport: tr}
	secret := credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", "session-token")
	for name, plane := range map[string]controlplane.HTTPClient{"net/http": own, "of the SDK": awshttp.NewBuildableClient()} {
		for _, status = range []int{301, 302, 303, 307, 308} {
			jobs := controlplane.New(controlplane.Options{Region: "us-east-1", BaseEndpoint: &endpoint.URL, Credentials: secret,
				HTTPClient: plane, Retryer: aws.NopRetryer{}})
			store := s3.New(s3.Options{Region: "us-east-1", BaseEndpoint: &endpoint.URL, Credentials: secret, UsePathStyle: true,
				HTTPClient: own, Retryer: aws.NopRetryer{}})
			o := options()
			o.TempDir, o.Retry = t.TempDir(), &model.RetryOptions{MaxAttempts: 1}
			c, err := batch.New(jobs, store, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, err := range c.List(t.Context(), nil) { // the control plane
				if _, ok := errors.AsType[*model.Error](err); !ok {
					t.Errorf("%s, %d: List = %v, want an error", name, status, err)
				}
			}
			if _, err := c.Find(t.Context(), "orders"); err == nil { // S3
				t.Errorf("%s, %d: Find succeeded", name, status)
			}
			if _, err := c.Submit(t.Context(), "orders", inputs(100)); err == nil {
				t.Errorf("%s, %d: Submit succeeded", name, status)
			}
			if n := asked.Load(); n != 0 {
				t.Fatalf("%s, %d: the stranger was asked %d times", name, status, n)
			}
		}
	}
	if own.CheckRedirect != nil {
		t.Error("the caller's client was changed")
	}
}
