// Package recordings records conversations with an HTTP service, such as a
// language model, and replays them offline. No secret gets into the files.
//
//	func TestTranslate(t *testing.T) {
//		tape := recordings.Open(t, "translate", nil)
//		client := bedrockruntime.New(bedrockruntime.Options{HTTPClient: tape.Client(), …})
//		…
//	}
//
// # The model
//
// A [Tape] is an [http.RoundTripper] in the place of the network. It plays a
// cassette: a file of exchanges, each a request and its response, in the format
// of go-vcr v4 (version 2) with the [Origin] in front. [Open] opens a cassette
// for a test, and [Replay] for a program. [Load], [Drift] and [Cassette.View]
// inspect one.
//
// The first recorded exchange that has the same method, path and body, and was
// not played yet, answers a request. So equal requests get their responses in
// the recorded order, each once. Bodies are compared as JSON. The order of
// keys, space and the spelling of numbers do not matter (2.50 is 2.5). Values
// do (2^53 is not 2^53+1). The host, the headers and the account id in an ARN
// do not matter.
//
// A request that matches nothing fails the test at once. The failure shows the
// difference to the nearest recorded request. The client gets status 400, so
// that it does not retry a request that cannot succeed. At the end of the test,
// exchanges that were never played fail it too.
//
// [Tape.Requests] returns the requests that the client sent. Assert on those. A
// request in a cassette was sent by an older version of the code.
//
// # Recording
//
// Set [RecordVariable] in the environment, or [Options.Record], which
// [RecordFlag] connects to a flag -record:
//
//	RECORDINGS_RECORD=1 go test ./yourpackage -run TestTranslate
//
// The tape then sends the requests with the credentials of your client. If the
// test passes and every call was answered, the recording replaces the whole
// cassette. Otherwise the old one stays. A cassette with event streams gets a
// view of them beside it, NAME.txt, with one line a frame, so that a recording
// can be reviewed.
//
// Every cassette states whether its responses were captured from the live
// service, came from a local server, or were transcribed from documentation
// ([Transcribe]). The recorder itself decides between the first two, by the
// source of the responses.
//
// # The package's own cassettes
//
// [Cassettes] has two folders. The cassettes in seed are conversations
// transcribed from the document that this library began with. The ones in
// conformance are short conversations, one for each group of conformance cases
// about the wire. They are local: the scripts of the command that records them
// answer.
//
//	go run ./recordings/internal/rerecord
//	go run ./recordings/internal/rerecord -live -region us-west-2
//
// The second command records them from the service, with your own account, so
// they become captured ones. A cassette is replaced only if its whole
// conversation succeeded and [Drift] finds the same shape. Otherwise the
// command prints the differences; -accept-drift accepts them.
//
// # Secrets
//
// Before go-vcr sees a request or response, all headers except a few are
// dropped. The credentials in the environment, in the request itself and in
// [Options.Secrets] are replaced, also in frames of event streams, which get
// new checksums. Account ids in ARNs become 123456789012.
//
// Before a file is written, it is read back and compared with the recording. It
// is also searched for those values and for the shapes of well-known keys, even
// in base64 within JSON within frames. If anything is found, nothing is
// written, and the error, a [*Leak], has the place. [Scan] searches files in
// the same way. [Check] also finds cassettes that no test plays, views that are
// out of date, and missing origins.
//
// A text is searched as it is and with its encodings undone, ten of them one in
// the other: gzip, zlib and deflate, the escapes of JSON, of programming
// languages, of URLs, of HTML and of mail, UTF-16, base64, base32, and hex in one
// piece or in groups. What the pieces of a stream spell together is searched like
// that too. Out of reach is a secret that is written backwards, with blanks
// between its letters, or with each letter in a field of its own.
//
// # Limits
//
// A cassette has whole responses. It cannot contain the time between two pieces
// of a stream, a connection that broke, or a request without an answer. During
// recording, a response reaches the client when all of it has arrived. During
// replay there is no delay. [Options.PieceSize] and [Options.FrameByFrame] make
// a body arrive in pieces, and a read fails once the request's context is done
// or the body was closed.
//
// # Errors
//
// Errors match [ErrNoMatch], [ErrUnused], [ErrNotRecorded] or [ErrClosed] with
// errors.Is. The error of a missing cassette matches [io/fs.ErrNotExist].
//
// # Concurrency
//
// A [Tape] is safe for concurrent use. If equal requests are sent concurrently,
// it is not defined which of them gets which response.
package recordings

//go:generate go run ./internal/rerecord -dir cassettes -accept-drift
//go:generate go test -count=1 -run ^TestScriptsAreCurrent$ ./fakescript -update
