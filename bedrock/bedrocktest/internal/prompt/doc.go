// Package prompt estimates the tokens of a request, and takes it apart into
// the segments whose prefixes a prompt cache remembers. A token is four bytes,
// begun, of each tool and each part.
package prompt
