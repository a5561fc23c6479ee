// Package inline separates thinking from text if a model writes its thinking
// into the text, between tags such as <thinking> and </thinking>.
//
// Thinking stands at the beginning of a block of text, in one pair of tags or in
// several behind each other. Once text has begun, a tag is text: a model may
// speak about tags. White space before and behind a pair of tags is part of
// neither. A tag that is not closed is text, and so is all behind it: a model was
// seen to open one before its answer. So thinking comes out whole, when its
// closing tag has come. Nothing else is left out.
package inline
