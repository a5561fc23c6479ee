// Package prompt converts requests to one form, so that the request that a
// provider got can be compared with the caller's.
package prompt
