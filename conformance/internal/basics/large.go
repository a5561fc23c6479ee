package basics

import (
	"fmt"

	"github.com/chatmodel-go/chatmodel/conformance/internal/probe"
	"github.com/chatmodel-go/chatmodel/model"
)

func largeText(p *probe.Probe) {
	p.Conserved("a text of 1 MiB", probe.Ask(probe.LongText(1<<20)))
}

func manyTurns(p *probe.Probe) {
	req := &model.Request{}
	for i := range 75 {
		req.Messages = append(req.Messages, model.User(fmt.Sprintf("Question %d?", i)), model.Assistant(fmt.Sprintf("Answer %d.", i)))
	}
	req.Messages = append(req.Messages, model.User("And now?"))
	p.Conserved("151 turns", req)
}
