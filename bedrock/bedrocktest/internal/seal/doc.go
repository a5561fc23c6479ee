// Package seal signs and encrypts thinking as the service does, so that a
// test server can tell what it sent from what was edited or comes from
// elsewhere. Nothing is remembered: a seal says by itself which server made
// it, for which maker and model, and of which text.
package seal
