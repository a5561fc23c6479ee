//go:build !js

// Bedrock-local runs an Amazon Bedrock Runtime on this machine, for clients in
// any language, without an account:
//
//	go run github.com/chatmodel-go/chatmodel/cmd/bedrock-local@latest
//
// It prints the address that it listens on, with the port that was chosen if
// the one given is 0, and logs every call. It speaks HTTP/1.1 and HTTP/2 without
// TLS; API keys, which the service takes over TLS only, are accepted here. Point
// a client's endpoint at it, as AWS_ENDPOINT_URL_BEDROCK_RUNTIME does for most.
//
// # Answers
//
// By default it repeats the last text of the user, or answers by the schema if
// the request has one. Answers are a JSON file, which is read again when it
// changes:
//
//	{
//	  "$schema": "http://127.0.0.1:8080/_local/v1/schema",
//	  "answers": [
//	    {"when": {"text": {"contains": "weather"}, "tools": ["weather"], "turn": 1},
//	     "answer": {"message": {"role": "assistant", "parts": [
//	       {"type": "thinking", "text": "It wants the weather."},
//	       {"type": "tool_call", "id": "tooluse_1", "name": "weather", "input": {"city": "Paris"}}]}}},
//	    {"when": {"model": "us.amazon.*"}, "answer": "I am Nova."}
//	  ],
//	  "script": ["The first answer.", {"error": {"code": "ThrottlingException"}}, "The third."],
//	  "otherwise": "refuse"
//	}
//
// The first answer whose condition fits is given. If none fits, the next answer
// of the script is given. If the script has ended, the value of otherwise
// decides: echo, tools, which calls every tool once, or refuse, which is the
// default if there is a script. A list alone is a script. A message is that of
// a model.Response in its own JSON. SIGHUP starts scripts again. A broken file
// is rejected with the line and the field, and the previous one stays in use.
//
// # Control
//
// Tests control it over HTTP, below /_local/v1/: they set answers, inject
// faults, move the clock, and read and verify requests, each in a world of its
// own. See the documentation of package bedrock/bedrocktest/local, and
// control.md there.
//
// # Recordings and back ends
//
//	bedrock-local -record testdata/recordings -upstream us-west-2
//	bedrock-local -replay testdata/recordings
//	bedrock-local -backend http://localhost:11434 -backend-model llama3.2
//
// The first forwards calls, signed anew with your own credentials, and records
// them under the rules of package recordings: into a cassette for each world,
// which is written when the program ends or when a control call asks for it. It
// listens on the loopback interface only, and clients must send an API key as
// "Authorization: Bearer KEY" or in the header X-Bedrock-Local-Key; the key is
// the value of BEDROCK_LOCAL_API_KEY, or else one that is generated and
// printed. The second plays such recordings for any client. The third passes
// the requests that no answer fits to a server that speaks OpenAI's chat
// completions, behind Bedrock's wire and rules, with the key in
// BEDROCK_LOCAL_BACKEND_KEY if that is set.
//
// -load gives the models quotas and times; see control.md.
//
// # Rules
//
// Any credentials are accepted: a signature must have the right form, and is
// verified only for the access key "bedrocktest-access-key", whose secret is
// "bedrocktest-secret-key". The rules that are enforced are listed in RULES.md
// of package bedrocktest; -off turns some of them off. With -strict=false none
// is enforced, and no signature is required. -explain logs every rule that a
// refused call breaks. COMPARISON.md compares the refusals of this server and
// another. The folder clients has set-ups for tests in other languages.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case err == nil, errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "bedrock-local:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	c, err := parse(args, errOut)
	if err != nil {
		return err
	}
	return c.serve(ctx, out, errOut)
}
