// Package prompt estimates the tokens of a request, and splits it into the
// segments whose prefixes a prompt cache remembers. Every four bytes, or part
// of four bytes, of each tool and each part are a token.
package prompt
