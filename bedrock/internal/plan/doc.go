// Package plan decides what is sent to a model.
//
// It is the one place in which something of a request is dropped, moved,
// changed or refused. [New] turns a neutral request, the facts of a model and
// the abilities of a body format into a [Plan], which is neutral too, and lists
// every change as a [Finding]. Writers put a plan into bytes and know no rules,
// so that the doors to a model cannot differ.
package plan
