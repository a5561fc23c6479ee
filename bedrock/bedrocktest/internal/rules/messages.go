package rules

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
	"github.com/chatmodel-go/chatmodel/model"
)

// messageRules are about the conversation.
var messageRules = []*Rule{
	{ID: "no-messages", About: "there is at least one message, except with a managed prompt", Texts: []*Text{textUserFirst, textAtLeastOne}, check: checkNoMessages},
	{ID: "system-prompt", About: "the model supports a system prompt", Whom: "Titan, the first Mistral, Cohere Command, Palmyra Vision", Texts: []*Text{textSystem}, check: checkSystemPrompt},
	{ID: "system-turn", About: "the model supports system messages between turns", Whom: "all but Claude 5", Texts: []*Text{textSystemTurn}, check: checkSystemTurn},
	{ID: "user-first", About: "the first message is the user's", Whom: "Nova, Titan, Llama, Mistral, Cohere, AI21, Writer", Texts: []*Text{textUserFirst}, check: checkUserFirst},
	{ID: "alternate", About: "messages of the user and the assistant alternate", Whom: "Llama, Mistral, Cohere, AI21, Writer", Texts: []*Text{textAlternate}, check: checkAlternate},
	{ID: "empty-content", About: "every message has content", Texts: []*Text{textEmpty, textNonEmpty}, check: checkEmptyContent},
	{ID: "blank-text", About: "texts are not empty, and for Claude not only white space, except directly before a cache point", Texts: []*Text{textBlank, textNonEmpty, textWhite}, check: checkBlankText},
}

var (
	textUserFirst  = &Text{Form: "A conversation must start with a user message. Try again with a conversation that starts with a user message.", Source: sourceText}
	textAtLeastOne = &Text{Form: "messages: at least one message is required", Model: true, Source: sourceText}
	textSystem     = &Text{Form: "This model doesn't support system messages. Try again without system messages or use a model that supports system messages."}
	textSystemTurn = &Text{Form: "messages.%d: role 'system' is not supported on this model", Model: true, Source: sourceDocs,
		Others: []string{"messages.%d.role: role 'system' is not supported on this model"}}
	textAlternate = &Text{Form: "A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.", Source: sourceText}
	textEmpty     = &Text{Form: "The content field in the Message object at messages.%d is empty. Add a ContentBlock object to the content field and try again.", Source: sourceText}
	textBlank     = &Text{Form: "The text field in the ContentBlock object at messages.%d.content.%d is blank. Add text to the text field, and try again.", Source: sourceText}
	textNonEmpty  = &Text{Form: "messages: text content blocks must be non-empty", Model: true, Source: sourceText}
	textWhite     = &Text{Form: "messages: text content blocks must contain non-whitespace text", Model: true, Source: sourceText}
)

// checkNoMessages also refuses a body without the member. It accepts that if
// the model id names a managed prompt, which has messages of its own.
func checkNoMessages(in *Input) *Refusal {
	switch {
	case len(in.conversation()) > 0 || in.Model.ID.Kind == modelid.Prompt:
		return nil
	case in.claudeBody():
		return in.refuse(textAtLeastOne)
	}
	return in.refuse(textUserFirst)
}

func checkSystemPrompt(in *Input) *Refusal {
	if !in.Model.NoSystem || len(in.prompt()) == 0 {
		return nil
	}
	return in.refuse(textSystem)
}

// checkSystemTurn accepts any body in OpenAI's format, where the system prompt
// is a message with this role.
func checkSystemTurn(in *Input) *Refusal {
	if in.Model.SystemTurns || in.Model.Row == "" || in.Door == Invoke && in.Format == FormatOpenAI {
		return nil
	}
	for _, t := range in.conversation() {
		if t.role == model.RoleSystem {
			return in.refuse(textSystemTurn, t.at)
		}
	}
	return nil
}

func checkUserFirst(in *Input) *Refusal {
	turns := in.conversation()
	for len(turns) > 0 && turns[0].role == model.RoleSystem {
		turns = turns[1:]
	}
	if !in.Model.UserFirst || len(turns) == 0 || turns[0].role == model.RoleUser {
		return nil
	}
	return in.refuse(textUserFirst)
}

func checkAlternate(in *Input) *Refusal {
	if !in.Model.Alternate {
		return nil
	}
	turns := in.conversation()
	for n := 1; n < len(turns); n++ {
		if turns[n].role == turns[n-1].role && turns[n].role != model.RoleSystem {
			return in.refuse(textAlternate)
		}
	}
	return nil
}

func checkEmptyContent(in *Input) *Refusal {
	for _, t := range in.conversation() {
		switch {
		case len(t.blocks) > 0:
		case in.Door == Invoke && in.Format == FormatOpenAI && t.role == model.RoleAssistant:
		case in.claudeBody():
			return in.refuse(textNonEmpty)
		default:
			return in.refuse(textEmpty, t.at)
		}
	}
	return nil
}

// checkBlankText refuses empty texts. For Claude by Converse it also refuses
// texts of white space only. A text directly before a cache point passes,
// because it is only a place for the point.
func checkBlankText(in *Input) *Refusal {
	if in.Door == Invoke && in.Format == FormatOpenAI {
		return nil // which takes them
	}
	for _, t := range in.conversation() {
		for k, b := range t.blocks {
			text, ok := b.part.(model.Text)
			switch {
			case !ok:
			case text == "" && in.claudeBody():
				return in.refuse(textNonEmpty)
			case text == "":
				return in.refuse(textBlank, t.at, b.at)
			case in.Model.IsClaude() && strings.TrimSpace(string(text)) == "" && !pointAfter(in, &t, k):
				return in.refuse(textWhite)
			}
		}
	}
	return nil
}

func pointAfter(in *Input, t *turn, k int) bool {
	if k+1 >= len(t.blocks) {
		return false
	}
	_, ok := t.blocks[k+1].part.(model.CachePoint)
	return ok
}

// at names the place of a block as Claude does.
func at(t *turn, b *block) string { return fmt.Sprintf("messages.%d.content.%d", t.at, b.seen) }
