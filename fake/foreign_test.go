package fake_test

import (
	"reflect"
	"testing"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// What another provider made, and what was cut off, is not sent, and told.
func TestForeignPartsStayBehind(t *testing.T) {
	mine := model.Thinking{Text: "Hm.", Signature: "s", Provider: "fake"}
	req := &model.Request{Messages: []model.Message{
		model.User("Hi"),
		model.AssistantParts(model.Thinking{Text: "Oh.", Signature: "s", Provider: "elsewhere"}, mine,
			model.Thinking{Text: "So", Provider: "fake", Incomplete: true},
			model.Opaque{Provider: "elsewhere", Kind: "hologram"}, model.Text("Yes?")),
		model.AssistantParts(model.Opaque{Provider: "elsewhere", Kind: "hologram"}),
		model.User("Go on."),
	}}
	before := req.Clone()
	wantFields := []string{"messages[1].parts[0]", "messages[1].parts[2]", "messages[1].parts[3]", "messages[2].parts[0]"}
	wantSent := []model.Message{model.User("Hi"), model.AssistantParts(mine, model.Text("Yes?")), model.User("Go on.")}

	m := fake.NewWith(&fake.Options{Provider: "fake"}, fake.Text("ok").Always())
	generated, err := m.Generate(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	streamed, err := m.Stream(t.Context(), req).Response()
	if err != nil {
		t.Fatal(err)
	}
	for i, resp := range []*model.Response{generated, streamed} {
		var fields []string
		for _, w := range resp.Warnings {
			if w.Action != model.WarningDropped || w.Reason == "" {
				t.Errorf("warning %v, want one of something dropped, with a reason", w)
			}
			fields = append(fields, w.Field)
		}
		if !reflect.DeepEqual(fields, wantFields) {
			t.Errorf("call %d warns of %q, want %q", i+1, fields, wantFields)
		}
		if got := m.Request(i).Messages; !reflect.DeepEqual(got, wantSent) {
			t.Errorf("call %d sent %v, want %v", i+1, got, wantSent)
		}
	}
	if !reflect.DeepEqual(req, before) {
		t.Error("the request was changed")
	}
	if _, err := m.Generate(t.Context(), &model.Request{Messages: before.Messages[2:3]}); model.KindOf(err) != model.ErrInvalidRequest {
		t.Errorf("a request of which nothing is left = %v, want kind %q", err, model.ErrInvalidRequest)
	}

	any := fake.New(fake.Text("ok"))
	if resp, err := any.Generate(t.Context(), &model.Request{Messages: before.Messages[2:3]}); err != nil || len(resp.Warnings) > 0 {
		t.Errorf("a fake without a name = %v, %v, want it to take the blocks of all", resp, err)
	}
}
