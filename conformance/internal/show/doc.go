// Package show formats values for failures. It shows bytes by length and hash,
// and two different values never look the same.
package show
