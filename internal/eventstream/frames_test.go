package eventstream_test

import "encoding/hex"

// Frames written out by hand in the layout of the service; the checksums were
// computed by another program.
var (
	deltaPayload = `{"contentBlockIndex":0,"delta":{"text":"Hello"},"p":"abcdef"}`
	deltaFrame   = unhex("000000a400000057158a2268") +
		"\x0b:event-type\x07\x00\x11contentBlockDelta" +
		"\x0d:content-type\x07\x00\x10application/json" +
		"\x0d:message-type\x07\x00\x05event" +
		deltaPayload + unhex("0a5375b5")

	stopPayload = `{"p":"abc","stopReason":"end_turn"}`
	stopFrame   = unhex("00000084000000513d28a859") +
		"\x0b:event-type\x07\x00\x0bmessageStop" +
		"\x0d:content-type\x07\x00\x10application/json" +
		"\x0d:message-type\x07\x00\x05event" +
		stopPayload + unhex("8a7bbdd0")

	throttlePayload = `{"message":"Too many requests, please wait before trying again."}`
	throttleFrame   = unhex("000000b2000000613590d5d3") +
		"\x0f:exception-type\x07\x00\x13throttlingException" +
		"\x0d:content-type\x07\x00\x10application/json" +
		"\x0d:message-type\x07\x00\x09exception" +
		throttlePayload + unhex("e8ffb26a")

	errorFrame = unhex("0000005d0000004dadcce93e") +
		"\x0b:error-code\x07\x00\x0dinternalError" +
		"\x0e:error-message\x07\x00\x09try again" +
		"\x0d:message-type\x07\x00\x05error" + unhex("72fe4922")
)

func unhex(s string) string {
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}
