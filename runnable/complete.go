package runnable

import "unicode/utf8"

// A completer reads JSON byte by byte, and knows at any byte which part of it is
// certain. Its zero value is ready. It reads one object or array.
//
// A value that may still change is not certain: a number or a literal that may
// go on, a key without a value, half an escape or character. A string is
// certain as far as it goes.
type completer struct {
	stack  []byte // the closing brackets of what is open
	state  jsonState
	n      int    // bytes read
	keep   int    // the bytes up to here, with the stack closed, are JSON
	word   string // what is left of true, false or null
	num    numState
	hex    int  // digits of a \u escape to come
	isKey  bool // the string is a key
	high   bool // a \u escape was the first half of a pair
	escape int  // where the escape or pair begins that is not complete yet
	utf8   int  // bytes of a character to come
	char   int  // where that character begins
	unit   rune // of a \u escape
}

// A jsonState says where in the JSON the next byte stands.
type jsonState uint8

const (
	inStart     jsonState = iota // before the value
	inKeyOrEnd                   // after {
	inKey                        // after , in an object
	inColon                      // after a key
	inValue                      // after : or , in an array
	inItemOrEnd                  // after [
	inNext                       // after a value
	inString
	inEscape
	inHex
	inNumber
	inWord
	inDone
	inWrong
)

// The results of step.
const (
	stepMore  = iota // the value goes on
	stepDone         // the value is complete with this byte
	stepWrong        // the byte cannot stand there
)

// step reads a byte.
func (c *completer) step(b byte) int {
	c.read(b)
	c.n++
	switch c.state {
	case inDone:
		return stepDone
	case inWrong:
		return stepWrong
	}
	return stepMore
}

// read moves to the state after b. The byte after a number ends the number, and
// is then read as what it is itself.
func (c *completer) read(b byte) {
	switch c.state {
	case inString:
		c.readString(b)
		return
	case inEscape:
		c.readEscape(b)
		return
	case inHex:
		c.readHex(b)
		return
	case inNumber:
		if next, ok := c.num.step(b); ok {
			c.num = next
			return
		}
		if !c.num.complete() {
			c.state = inWrong
			return
		}
		c.end(c.n)
	case inWord:
		if c.word[0] != b {
			c.state = inWrong
		} else if c.word = c.word[1:]; c.word == "" {
			c.end(c.n + 1)
		}
		return
	}
	if b != ' ' && b != '\t' && b != '\n' && b != '\r' {
		c.readToken(b)
	}
}

// readToken reads a byte between values.
func (c *completer) readToken(b byte) {
	switch {
	case b == '"' && (c.state == inKeyOrEnd || c.state == inKey):
		c.state, c.isKey = inString, true
	case b == ':' && c.state == inColon:
		c.state = inValue
	case b == ',' && c.state == inNext:
		c.state = inValue
		if c.stack[len(c.stack)-1] == '}' {
			c.state = inKey
		}
	case (b == '}' && (c.state == inKeyOrEnd || c.state == inNext) || b == ']' && (c.state == inItemOrEnd || c.state == inNext)) &&
		c.stack[len(c.stack)-1] == b:
		c.stack = c.stack[:len(c.stack)-1]
		c.end(c.n + 1)
	case c.state == inStart && (b == '{' || b == '['), c.state == inValue, c.state == inItemOrEnd:
		c.readValue(b)
	default:
		c.state = inWrong
	}
}

// readValue reads the first byte of a value.
func (c *completer) readValue(b byte) {
	switch {
	case b == '{':
		c.stack, c.state = append(c.stack, '}'), inKeyOrEnd
		c.keep = c.n + 1
	case b == '[':
		c.stack, c.state = append(c.stack, ']'), inItemOrEnd
		c.keep = c.n + 1
	case b == '"':
		c.state, c.isKey = inString, false
	case b == 't':
		c.state, c.word = inWord, "rue"
	case b == 'f':
		c.state, c.word = inWord, "alse"
	case b == 'n':
		c.state, c.word = inWord, "ull"
	default:
		var ok bool
		if c.num, ok = numStart.step(b); !ok {
			c.state = inWrong
			return
		}
		c.state = inNumber
	}
}

// end ends a value of which n is the end.
func (c *completer) end(n int) {
	c.keep, c.state = n, inNext
	if len(c.stack) == 0 {
		c.state = inDone
	}
}

// readString reads a byte within a string, from the first one after the opening
// quote.
func (c *completer) readString(b byte) {
	switch {
	case b < ' ':
		c.state = inWrong
		return
	case c.utf8 > 0 && b&0xC0 == 0x80:
		c.utf8--
		return
	case b >= utf8.RuneSelf:
		c.utf8, c.char = tailLength(b), c.n
	default:
		c.utf8 = 0
	}
	switch {
	case b == '\\':
		if !c.high {
			c.escape = c.n
		}
		c.state = inEscape
		return
	case b != '"':
	case c.isKey:
		c.state = inColon
	default:
		c.end(c.n + 1)
	}
	c.high = false
}

// tailLength returns how many bytes follow the first byte of a character.
func tailLength(b byte) int {
	switch {
	case b >= 0xF0:
		return 3
	case b >= 0xE0:
		return 2
	case b >= 0xC0:
		return 1
	}
	return 0
}

// readEscape reads the byte after a backslash.
func (c *completer) readEscape(b byte) {
	switch b {
	case 'u':
		c.state, c.hex, c.unit = inHex, 4, 0
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		c.state, c.high = inString, false
	default:
		c.state = inWrong
	}
}

// readHex reads a digit of a \u escape. The first half of a surrogate pair is
// no character yet, so it is remembered until the second half, or something
// else, follows.
func (c *completer) readHex(b byte) {
	var digit byte
	switch {
	case b >= '0' && b <= '9':
		digit = b - '0'
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		digit = b | 0x20 - 'a' + 10
	default:
		c.state = inWrong
		return
	}
	c.unit = c.unit<<4 | rune(digit)
	if c.hex--; c.hex == 0 {
		high := c.unit >= 0xD800 && c.unit < 0xDC00
		if high && c.high { // the first stands alone
			c.escape = c.n - len(`\u000`)
		}
		c.state, c.high = inString, high
	}
}

// settled returns how far the string that is being read is certain: up to half
// an escape or character.
func (c *completer) settled() int {
	switch {
	case c.state == inEscape, c.state == inHex, c.high:
		return c.escape
	case c.utf8 > 0:
		return c.char
	}
	return c.n
}

// A numState is how far a number has come.
type numState uint8

const (
	numStart numState = iota
	numMinus
	numZero
	numInt
	numDot
	numFrac
	numE
	numSign
	numExp
)

// step returns the state after another byte, false if that is not of the
// number.
func (s numState) step(b byte) (numState, bool) {
	digit := b >= '0' && b <= '9'
	switch {
	case b == '-' && s == numStart:
		return numMinus, true
	case b == '0' && (s == numStart || s == numMinus):
		return numZero, true
	case digit && (s == numStart || s == numMinus || s == numInt):
		return numInt, true
	case b == '.' && (s == numZero || s == numInt):
		return numDot, true
	case digit && (s == numDot || s == numFrac):
		return numFrac, true
	case b|0x20 == 'e' && (s == numZero || s == numInt || s == numFrac):
		return numE, true
	case (b == '+' || b == '-') && s == numE:
		return numSign, true
	case digit && (s == numE || s == numSign || s == numExp):
		return numExp, true
	}
	return s, false
}

// complete reports whether the number may end here.
func (s numState) complete() bool {
	return s == numZero || s == numInt || s == numFrac || s == numExp
}
