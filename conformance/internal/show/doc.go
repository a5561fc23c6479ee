// Package show puts values into words for people: in failures bytes are shown
// by length and hash, and two that differ never look the same.
package show
