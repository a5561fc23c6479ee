// Package inline tells thinking from text where a model writes its thinking
// into the text, between tags such as <thinking> and </thinking>.
//
// Thinking stands at the beginning of a block of text, in one pair of tags or in
// several behind each other. Once text has begun, a tag is text: a model may
// speak about tags. White space before and behind a pair of tags is part of
// neither. Thinking whose closing tag does not come goes to the end of the
// block. Nothing else is left out.
package inline
