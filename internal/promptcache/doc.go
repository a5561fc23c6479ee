// Package promptcache simulates a provider's prompt cache: it remembers the
// prefixes of prompts that ended at a cache point, for their lifetimes, and
// says what of a prompt is read from it and written to it. How a prompt is cut
// into segments and what a segment counts is the caller's.
//
// # Concurrency
//
// A Cache is safe for concurrent use.
package promptcache
