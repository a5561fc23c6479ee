package bedrocktest

import (
	"fmt"
	"strings"
)

var messageChecks = []check{
	{RuleNoMessages, (*inspection).noMessages},
	{RuleUserFirst, (*inspection).userFirst},
	{RuleAlternate, (*inspection).alternate},
	{RuleEmptyContent, (*inspection).emptyContent},
	{RuleBlankText, (*inspection).blankText},
}

// noMessages also covers a request without the member, whose prompt then is a
// managed one, named by the model id.
func (i *inspection) noMessages() *Exception {
	if len(i.Messages) > 0 || strings.Contains(i.record.ModelID, ":prompt/") {
		return nil
	}
	return validation("A conversation must start with a user message. Try again with a conversation that starts with a user message.")
}

func (i *inspection) userFirst() *Exception {
	if !i.traits.userFirst || len(i.Messages) == 0 || i.Messages[0].Role == "user" {
		return nil
	}
	return validation("A conversation must start with a user message. Try again with a conversation that starts with a user message.")
}

func (i *inspection) alternate() *Exception {
	if !i.traits.alternate {
		return nil
	}
	for n := 1; n < len(i.Messages); n++ {
		if i.Messages[n].Role == i.Messages[n-1].Role {
			return validation("A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.")
		}
	}
	return nil
}

func (i *inspection) emptyContent() *Exception {
	for n, m := range i.Messages {
		if len(m.Content) == 0 {
			return validation(fmt.Sprintf("The content field in the Message object at messages.%d is empty. Add a ContentBlock object to the content field and try again.", n))
		}
	}
	return nil
}

// blankText refuses empty texts; Claude, asked by the service, also those of
// white space. A text straight before a cache point is only a place for that.
func (i *inspection) blankText() *Exception {
	for n, m := range i.Messages {
		for k, b := range m.Content {
			switch {
			case b.Text == nil:
			case *b.Text == "":
				return validation(fmt.Sprintf("The text field in the ContentBlock object at messages.%d.content.%d is blank. Add text to the text field, and try again.", n, k))
			case i.traits.family == "claude" && strings.TrimSpace(*b.Text) == "" &&
				(k+1 == len(m.Content) || m.Content[k+1].CachePoint == nil):
				return modelError("messages: text content blocks must contain non-whitespace text")
			}
		}
	}
	return nil
}
