package recordings

// An automaton finds many words in a text in one pass, whatever their number
// (Aho and Corasick, 1975). It takes upper and lower case ASCII letters for the
// same. It is not changed once it is built.
type automaton struct {
	class   [256]uint16 // bytes that no word has share class 0
	classes int
	next    []int32 // by state and class, while it is built
	steps   []int32 // by state and class; see compile
	words   [][]int // by state: which words end there, the longest first
	lengths []int   // by word
}

// newAutomaton builds an automaton for words, which must not be empty.
func newAutomaton(words []string) *automaton {
	a := &automaton{classes: 1, lengths: make([]int, len(words))}
	for _, w := range words {
		for i := range len(w) {
			c := lower(w[i])
			if a.class[c] == 0 {
				a.class[c] = uint16(a.classes)
				a.classes++
			}
		}
	}
	for c := byte('A'); c <= 'Z'; c++ {
		a.class[c] = a.class[lower(c)]
	}
	a.grow()
	for i, w := range words {
		a.lengths[i] = len(w)
		state := a.insert(w)
		a.words[state] = append(a.words[state], i)
	}
	a.link()
	a.compile()
	return a
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// grow adds a state without successors and returns it.
func (a *automaton) grow() int32 {
	state := int32(len(a.words))
	a.words = append(a.words, nil)
	a.next = append(a.next, make([]int32, a.classes)...)
	return state
}

// insert returns the state that a word leads to. Until the automaton is linked,
// 0 stands for no successor.
func (a *automaton) insert(word string) int32 {
	state := int32(0)
	for i := range len(word) {
		at := int(state)*a.classes + int(a.class[word[i]])
		if a.next[at] == 0 {
			to := a.grow()
			a.next[at] = to
		}
		state = a.next[at]
	}
	return state
}

// link gives every state a successor for every class: that of the longest word
// start that is still possible.
func (a *automaton) link() {
	fallback := make([]int32, len(a.words))
	queue := []int32{0}
	for len(queue) > 0 {
		state := queue[0]
		queue = queue[1:]
		if state != 0 {
			a.words[state] = append(a.words[state], a.words[fallback[state]]...)
		}
		for class := range a.classes {
			at := int(state)*a.classes + class
			other := a.next[int(fallback[state])*a.classes+class]
			switch to := a.next[at]; {
			case to == 0 && state != 0:
				a.next[at] = other
			case to != 0:
				if state != 0 {
					fallback[to] = other
				}
				queue = append(queue, to)
			}
		}
	}
}

// find calls yield with every occurrence of a word: its index, and where it
// ends.
func (a *automaton) find(text []byte, yield func(word, end int)) {
	row := int32(0)
	for i, c := range text {
		next := a.steps[row+int32(a.class[c])]
		row = next >> 1
		if next&1 == 0 {
			continue
		}
		for _, word := range a.words[int(row)/a.classes] {
			yield(word, i+1)
		}
	}
}

// compile turns states into what find goes through: the row of the next state,
// and, in the lowest bit, whether a word ends there.
func (a *automaton) compile() {
	a.steps = make([]int32, len(a.next))
	for i, state := range a.next {
		a.steps[i] = state * int32(a.classes) << 1
		if len(a.words[state]) > 0 {
			a.steps[i] |= 1
		}
	}
	a.next = nil
}
