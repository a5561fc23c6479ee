// Package seal signs and encrypts thinking as the service does. The test server
// uses it to recognize its own thinking, and to tell it from thinking that was
// edited or made elsewhere. It needs no memory: a seal shows which server made
// it, for which maker and model, and of which text.
package seal
