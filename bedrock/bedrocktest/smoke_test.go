package bedrocktest_test

import (
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

func TestSmoke(t *testing.T) {
	for _, s := range []*bedrocktest.Server{
		bedrocktest.Start(t, fake.New(fake.Text("hello there").Times(2)), nil),
		bedrocktest.StartTLS(t, fake.New(fake.Text("hello there").Times(2)), nil),
		bedrocktest.InMemory(fake.New(fake.Text("hello there").Times(2)), nil),
	} {
		m, err := bedrock.New(s.Client(), "us.anthropic.claude-sonnet-4-5-20250929-v1:0", nil)
		if err != nil {
			t.Fatal(err)
		}
		req := &model.Request{Messages: []model.Message{model.User("hi")}}
		resp, err := m.Generate(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v %+v", resp.Text(), resp.Usage)
		resp, err = m.Stream(t.Context(), req).Response()
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%+v %+v", resp.Text(), resp.Usage)
		for _, c := range s.Calls() {
			t.Log(c.Number, c.Operation, c.Path, c.Status, c.Frames, c.Proto, c.Header)
		}
	}
}
