// Package account has what middlewares that keep accounts share: a guess at
// the tokens of a prompt before it is sent, by size alone, with no tokenizer
// and no provider; and what an error says of the work that was done.
package account
