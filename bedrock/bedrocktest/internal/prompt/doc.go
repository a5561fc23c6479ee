// Package prompt estimates the tokens of a request. It also splits the request
// into segments, whose prefixes a prompt cache remembers. Each tool and each
// part has one token for every four bytes, rounded up.
package prompt
