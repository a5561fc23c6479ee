// Package estimate guesses how many tokens a prompt has, for those who must
// know before it is sent and cannot ask. A guess is by size alone: no
// tokenizer, no provider.
package estimate
