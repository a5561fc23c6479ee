package inline

import "strings"

const space = " \t\r\n"

// A Splitter splits one block of text, in pieces that may be cut anywhere. Its
// cost is linear in the block's length. It is not safe for concurrent use.
type Splitter struct {
	tags   []string
	state  state
	close  string          // the tag that ends the thinking
	opened string          // the tag that began it, with the white space before
	held   strings.Builder // what may become a tag, or thinking
	solid  int             // where it begins, behind white space
	found  bool            // a pair of tags has ended
}

type state uint8

const (
	atStart  state = iota // a tag may come
	thinking              // inside the tags
	saying                // text, to the end
)

// Emit takes pieces of thinking and of text, in order. It returns false to stop.
type Emit func(think bool, piece string) bool

// New returns a splitter for tags of the given names. Empty names are none.
func New(names []string) *Splitter {
	s := &Splitter{}
	for _, name := range names {
		if name != "" {
			s.tags = append(s.tags, name)
		}
	}
	if len(s.tags) == 0 {
		s.state = saying
	}
	return s
}

// Add takes in a piece and emits what is certain. It returns false if emit did.
func (s *Splitter) Add(piece string, emit Emit) bool {
	for {
		switch s.state {
		case saying:
			return piece == "" || emit(false, piece)
		case atStart:
			rest, on := s.begin(piece)
			if !on {
				return true
			}
			piece = rest
		default:
			rest, on := s.think(piece, emit)
			if !on {
				return false
			}
			if s.state == thinking {
				return true
			}
			piece = rest
		}
	}
}

// begin looks for a tag at the beginning. It returns the text that follows it, or
// false if more must come before that is known.
func (s *Splitter) begin(piece string) (rest string, on bool) {
	held := piece
	if s.held.Len() > 0 {
		s.held.WriteString(piece)
		held = s.held.String()
	}
	solid := strings.TrimLeft(held[s.solid:], space)
	for _, name := range s.tags {
		tag := "<" + name + ">"
		if strings.HasPrefix(solid, tag) {
			opened := held[:len(held)-len(solid)+len(tag)]
			if s.found { // the white space is that between tags
				opened = tag
			}
			s.release()
			s.opened = opened
			s.state, s.close = thinking, "</"+name+">"
			return solid[len(tag):], true
		}
		if strings.HasPrefix(tag, solid) {
			if s.held.Len() == 0 {
				s.held.WriteString(held)
			}
			s.solid = len(held) - len(solid)
			return "", false
		}
	}
	s.release()
	s.state = saying
	if s.found { // the white space is that between tags and text
		return solid, true
	}
	return held, true
}

// release forgets what was kept back.
func (s *Splitter) release() {
	s.held.Reset()
	s.solid = 0
}

// think keeps thinking back up to the closing tag, and then emits it: until that
// comes it may be text. It returns the text that follows the tag, and false if
// emit did. Only the end of what was held is searched again, so that a long block
// in small pieces costs no more than in one.
func (s *Splitter) think(piece string, emit Emit) (rest string, on bool) {
	held := s.held.String()
	tail := held[max(0, len(held)-len(s.close)+1):] // in which the tag may have begun
	at := strings.Index(tail+piece[:min(len(piece), len(s.close)-1)], s.close)
	switch {
	case at >= 0:
		held, rest = held[:len(held)-len(tail)+at], piece[at+len(s.close)-len(tail):]
	default:
		if at = strings.Index(piece, s.close); at < 0 {
			s.held.WriteString(piece)
			return "", true
		}
		held, rest = held+piece[:at], piece[at+len(s.close):]
	}
	s.release()
	s.state, s.found = atStart, true
	return rest, held == "" || emit(true, held)
}

// End emits what was kept back as text: it was no tag, or one that did not end.
// It returns false if emit did. The block is over, and so is the splitter's use.
func (s *Splitter) End(emit Emit) bool {
	rest := s.held.String()
	switch {
	case s.state == thinking:
		rest = s.opened + rest
	case s.state == atStart && s.found:
		rest = rest[s.solid:]
	}
	s.release()
	return rest == "" || emit(false, rest)
}

// Say declares that text has begun, whatever it is. It emits what was kept back.
func (s *Splitter) Say(emit Emit) bool {
	on := s.End(emit)
	s.state = saying
	return on
}
