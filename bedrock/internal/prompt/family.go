package prompt

import "github.com/chatmodel-go/chatmodel/model"

// A Codec is the format of one family.
type Codec struct{ *family }

// A family is what sets a format apart.
type family struct {
	name string

	// prompt renders a conversation that is ready to be rendered.
	prompt func(c *conversation) string

	// mark finds one of the family's marks in a text.
	mark func(text string) (found string, ok bool)

	// members are the body's names for the prompt and for what varies the
	// answer; an empty one means that there is no such member.
	members members

	// before is how a chunk begins, up to its text. It is only for speed: a chunk
	// that begins in another way is decoded in full.
	before string

	// nested is the member that holds all others but the prompt.
	nested string

	// thinks says that the prompt ends in the middle of thinking, with which
	// every answer begins.
	thinks bool
}

// members are names in a body.
type members struct{ prompt, maxTokens, temperature, topP, topK, stop string }

// A conversation is the text of all turns. The first and the last turn are the
// user's, and no two turns of one role stand next to each other; but the last
// turn may be the beginning of the answer. No turn has white space at its ends,
// where the templates have their own.
type conversation struct {
	system string
	turns  []turn
}

// A turn is the text of one speaker.
type turn struct {
	role model.Role
	text string
}

// prefilled reports whether the model is to continue an answer.
func (c *conversation) prefilled() bool {
	return c.turns[len(c.turns)-1].role == model.RoleAssistant
}
