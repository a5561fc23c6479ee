// Package rawjson takes JSON apart, and puts it together, without decoding what
// it need not: documents go through byte for byte, and the text of a delta is
// cut out of its bytes.
//
// The functions on whole values ([EachMember], [NextElement], [SkipValue],
// [Unquote]) take JSON that is known to be valid, as by [Valid], and check
// nothing. [CutText] and [CutIndex] check what they read.
package rawjson
