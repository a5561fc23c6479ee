package openai

import "strings"

// The tags around reasoning in content.
const (
	openTag  = "<reasoning>"
	closeTag = "</reasoning>"
)

// A splitter separates reasoning from text, in pieces that may be cut anywhere.
// Reasoning stands in tags at the beginning, in one pair of tags or in several
// right behind each other. Once text has begun, a tag is text: an answer may be
// about tags.
//
// The zero value is ready for one answer. It keeps back as little as it can, at
// most the beginning of a tag, so that text streams at once.
type splitter struct {
	state splitState
	rest  string // the beginning of what may become a tag
}

// A splitState is what may come next.
type splitState uint8

const (
	atStart  splitState = iota // a tag may come
	thinking                   // inside the tags
	saying                     // text, to the end
)

// add takes in a piece and emits what is certain. An error of emit ends it.
func (s *splitter) add(piece string, emit func(thinking bool, piece string) error) error {
	for piece = s.take(piece); piece != ""; {
		switch s.state {
		case saying:
			return emit(false, piece)
		case atStart:
			rest, ok := strings.CutPrefix(piece, openTag)
			switch {
			case ok:
				s.state, piece = thinking, rest
			case strings.HasPrefix(openTag, piece): // it may still become a tag
				s.rest = piece
				return nil
			default:
				s.state = saying
			}
		case thinking:
			text, rest, closed := strings.Cut(piece, closeTag)
			if closed {
				s.state = atStart // another pair may follow: streams have one around every piece
			} else {
				text, s.rest = cutTail(piece, closeTag)
			}
			if text != "" {
				if err := emit(true, text); err != nil {
					return err
				}
			}
			piece = rest // empty unless the tag was closed
		}
	}
	return nil
}

// take puts what was kept back before a piece.
func (s *splitter) take(piece string) string {
	if s.rest != "" {
		piece, s.rest = s.rest+piece, ""
	}
	return piece
}

// end emits what was kept back: it was no tag.
func (s *splitter) end(emit func(thinking bool, piece string) error) error {
	rest := s.take("")
	if rest == "" {
		return nil
	}
	return emit(s.state == thinking, rest)
}

// cutTail splits off the longest end of s that is a beginning of tag, without
// being all of it.
func cutTail(s, tag string) (head, tail string) {
	for n := min(len(s), len(tag)-1); n > 0; n-- {
		if strings.HasSuffix(s, tag[:n]) {
			return s[:len(s)-n], s[len(s)-n:]
		}
	}
	return s, ""
}
