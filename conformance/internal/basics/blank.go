package basics

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

func blankTexts(p *probe.Probe) {
	for _, blank := range []string{"", " ", "\n\t", "\u00a0"} {
		p.Conserved(fmt.Sprintf("the text %q before another", blank), probe.Says(model.Text(blank), model.Text("Hi")))
		p.Conserved(fmt.Sprintf("the text %q after another", blank), probe.Says(model.Text("Hi"), model.Text(blank)))
		p.Conserved(fmt.Sprintf("the text %q between two others", blank), probe.Says(model.Text("One."), model.Text(blank), model.Text("Two.")))
		p.Conserved(fmt.Sprintf("an answer %q in the history", blank), &model.Request{Messages: []model.Message{
			model.User("Hi"), model.AssistantParts(model.Text(blank), model.Text("Yes?")), model.User("Go on."),
		}})
		p.Conserved(fmt.Sprintf("a system message %q", blank), &model.Request{Messages: []model.Message{
			model.SystemParts(model.Text(blank), model.Text("Be kind.")), model.User("Hi"),
		}})
	}
}

func emptyTurns(p *probe.Probe) {
	p.Conserved("an answer without parts", &model.Request{Messages: []model.Message{
		model.User("Hi"), {Role: model.RoleAssistant}, model.User("Hello?"),
	}})
	p.Conserved("an answer of blank text only", &model.Request{Messages: []model.Message{
		model.User("Hi"), model.Assistant(" "), model.User("Hello?"),
	}})
	p.Conserved("a turn of the user's without parts", &model.Request{Messages: []model.Message{
		model.User("Hi"), model.Assistant("Yes?"), {Role: model.RoleUser}, model.Assistant("Well?"), model.User("Hello?"),
	}})
}

func prefill(p *probe.Probe) {
	for _, begun := range []string{"The answer is", "The answer is ", "The answer is: \n", "{"} {
		p.Conserved(fmt.Sprintf("the beginning %q of an answer", begun), &model.Request{Messages: []model.Message{
			model.User("What is it?"), model.Assistant(begun),
		}})
	}
}
