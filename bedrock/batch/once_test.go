package batch

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	controlplane "github.com/aws/aws-sdk-go-v2/service/bedrock"

	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// TestToken: a job whose creator has not heard of it, and that is in no list yet,
// is not created again.
func TestToken(t *testing.T) {
	s := batchtest.Start(t, fake.New(fake.Text("x").Always()), nil)
	s.Inject(batchtest.Faults{LoseCreate: 1, Unlisted: true})
	inputs := func(yield func(Input, error) bool) {
		for i := range 100 {
			if !yield(Input{ID: recordID(int64(i)), Request: &model.Request{Messages: []model.Message{model.User("x")}, MaxTokens: 9}}, nil) {
				return
			}
		}
	}
	submit := func() error {
		jobs := controlplane.New(s.Jobs().Options(), func(o *controlplane.Options) { o.Retryer = aws.NopRetryer{} })
		c, err := New(jobs, s.S3(), Options{Model: "anthropic.claude-3-haiku-20240307-v1:0", Folder: batchtest.Folder("b"), Role: batchtest.Role,
			TempDir: t.TempDir(), Retry: &model.RetryOptions{MaxAttempts: 1}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Submit(context.Background(), "token", inputs)
		return err
	}
	if err := submit(); model.KindOf(err) != model.ErrTransport {
		t.Fatalf("the first attempt: %v", err)
	}
	if err := submit(); err != nil || s.Created() != 1 {
		t.Errorf("%d jobs, %v", s.Created(), err)
	}
}

// TestBetterOfTwo: of a record that is there twice, an answer is used, not a
// failure.
func TestBetterOfTwo(t *testing.T) {
	codec, form, err := FormConverse.choose("anthropic.claude-3-haiku-20240307-v1:0", nil)
	if err != nil {
		t.Fatal(err)
	}
	const answer = `{"recordId":"R0000000001","modelOutput":{"output":{"message":{"role":"assistant","content":[{"text":"x"}]}},"stopReason":"end_turn"}}` + "\n"
	const failure = `{"recordId":"R0000000001","error":{"errorCode":500,"errorMessage":"no"}}` + "\n"
	for _, content := range []string{answer + failure, failure + answer, failure + failure} {
		name := filepath.Join(t.TempDir(), "out")
		if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		o := &outputs{files: []*os.File{f}}
		if err := o.scan(f, 0, 1, 1); err != nil {
			t.Fatal(err)
		}
		account := &Account{}
		q := &cursor{c: &Client{reporter: reporter{codec: codec}, form: form}, round: &round{}, out: o, account: account}
		res, err := q.look(1, &note{})
		o.close()
		if err != nil || account.Doubled != 1 || (res.Response == nil) != (content == failure+failure) {
			t.Errorf("%s: %+v, %v, %d doubled", content, res, err, account.Doubled)
		}
	}
}
