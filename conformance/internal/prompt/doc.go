// Package prompt puts requests into one form, so that what a provider was
// asked can be compared with what the caller asked.
package prompt
