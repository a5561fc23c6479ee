// Package recordings records conversations with an HTTP service, a language
// model's for instance, and replays them: offline, for ever, with no secret in
// the files.
//
//	func TestTranslate(t *testing.T) {
//		tape := recordings.Open(t, "translate", nil)
//		client := bedrockruntime.New(bedrockruntime.Options{HTTPClient: tape.Client(), …})
//		…
//	}
//
// # The model
//
// A [Tape] is an [http.RoundTripper] that stands in for the network. It plays a
// cassette: a file of exchanges, each a request and its response, in the format
// of go-vcr v4 (version 2) with the [Origin] in front. [Open] opens one for a
// test, [Replay] for a program; [Load], [Drift] and [Cassette.View] look at one.
//
// A request is answered by the first recorded exchange that has the same
// method, path and body and was not played yet. So equal requests get their
// responses in the recorded order, once each. Bodies are compared as JSON:
// order of keys, space and the spelling of numbers don't matter (2.50 is 2.5),
// values do (2^53 is not 2^53+1). Host and headers don't matter, nor does the
// account id in an ARN.
//
// A request that matches nothing fails the test at once, with the difference to
// the nearest recorded request. The client is answered with status 400, so that
// it does not retry for seconds what can't succeed. At the end, exchanges that
// were never asked for fail the test too.
//
// [Tape.Requests] returns the requests that the client sent. Assert on those.
// The request in a cassette is one that an older version of the code sent.
//
// # Recording
//
// Set [RecordVariable] in the environment, or [Options.Record], which
// [RecordFlag] connects to a flag -record:
//
//	RECORDINGS_RECORD=1 go test ./yourpackage -run TestTranslate
//
// Requests then go out with the credentials of your client. When the test has
// passed, and every call was answered, the cassette is replaced as a whole;
// otherwise the old one stays. Beside a cassette with event streams stands a
// view of them, NAME.txt, one line a frame, so that a recording can be reviewed.
//
// Every cassette says whether its responses were captured from the live
// service, came from a local server, or were transcribed from documentation
// ([Transcribe]). The recorder itself decides between the first two, by where
// the responses came from.
//
// # The package's own cassettes
//
// [Cassettes] holds, under seed, conversations transcribed from the document
// that this library began with, and under conformance a short conversation for
// each group of conformance cases that has to do with the wire: local ones,
// answered by the scripts of the command that records them.
//
//	go run ./recordings/internal/rerecord
//	go run ./recordings/internal/rerecord -live -region us-west-2
//
// The second one records them live, with your own account, so that they become
// captured ones. A cassette is replaced if its whole conversation went well and
// [Drift] finds that its shape is the same. Otherwise the differences are
// printed; -accept-drift accepts them.
//
// # Secrets
//
// Before go-vcr sees a request or response, all headers but a few are dropped,
// and the credentials of the environment, of the request itself and of
// [Options.Secrets] are replaced, also in frames of event streams, which get
// new checksums. Account ids in ARNs become 123456789012. Before a file is
// written it is read back, compared with the recording, and searched, down to
// base64 in JSON in frames, for those values and for the shapes of well-known
// keys. On a hit nothing is written and the error, a [*Leak], says where.
// [Scan] does the same search over files; [Check] also finds cassettes that no
// test plays, views that are out of date and origins that are missing.
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
// A cassette holds whole responses. It can't hold the time between two pieces
// of a stream, a connection that dies, or a request that got no answer. While
// recording, a response reaches the client when all of it has arrived. When
// replaying there is no delay; [Options.PieceSize] and [Options.FrameByFrame]
// make a body arrive in pieces, and a read fails once the request's context is
// done or the body was closed.
//
// # Errors
//
// Errors match [ErrNoMatch], [ErrUnused], [ErrNotRecorded] or [ErrClosed] with
// errors.Is; a missing cassette matches [io/fs.ErrNotExist].
//
// # Concurrency
//
// A [Tape] is safe for concurrent use. Requests that are sent concurrently
// should differ, or it is open which of them gets which response.
package recordings

//go:generate go run ./internal/rerecord -dir cassettes -accept-drift
//go:generate go test -count=1 -run ^TestScriptsAreCurrent$ ./fakescript -update
