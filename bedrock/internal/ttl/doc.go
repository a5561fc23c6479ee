// Package ttl writes the lifetimes of cache entries as the service does. A
// neutral lifetime is a duration, whose own form, as in 1h0m0s, is not one that
// the service knows.
package ttl
