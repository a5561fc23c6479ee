// Package seal signs and encrypts thinking as the service does, so that the
// test server recognizes its own thinking, and distinguishes it from thinking
// that was edited or made elsewhere. Nothing has to be remembered: a seal shows
// which server made it, for which maker and model, and of which text.
package seal
