//go:build !js

// Bedrock-local runs an Amazon Bedrock Runtime on this machine, for clients in
// any language, without an account:
//
//	go run github.com/chatmodel-go/chatmodel/cmd/bedrock-local@latest
//
// It prints the address that it listens on, and logs every call. With port 0 it
// picks a free port. It speaks HTTP/1.1 and HTTP/2 without TLS. It accepts API
// keys too, although the service accepts these only over TLS. Set a client's
// endpoint to the address; for most clients AWS_ENDPOINT_URL_BEDROCK_RUNTIME
// does that.
//
// # Answers
//
// By default it repeats the last text of the user, or, if the request has a
// schema, sends a value of that. Other answers are in a JSON file, which it
// reads again when the file changes:
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
// The first answer whose condition fits is sent. If none fits, the next answer
// of the script is sent. If the script has ended, the value of otherwise
// decides: echo, or tools, which calls every tool once, or refuse, which is the
// default if there is a script. A file with only a list is a script. A message
// has the JSON form of package model. SIGHUP starts all scripts again. An
// invalid file is rejected with the line and the field, and the previous one
// stays in use.
//
// # Control
//
// Tests control the server over HTTP, below /_local/v1/. They set answers,
// inject faults, move the clock, and read and verify requests, each in a world
// of its own. See the documentation of package bedrock/bedrocktest/local, and
// control.md there.
//
// # Recordings and back ends
//
//	bedrock-local -record testdata/recordings -upstream us-west-2
//	bedrock-local -replay testdata/recordings
//	bedrock-local -backend http://localhost:11434 -backend-model llama3.2
//
// The first command signs calls anew with your own credentials, forwards them,
// and records them under the rules of package recordings. Each world has a
// cassette. It is written when the program ends, or by a control call. The
// server listens only on the loopback interface, and clients must send an API
// key as "Authorization: Bearer KEY" or in the header X-Bedrock-Local-Key. The
// key is the value of BEDROCK_LOCAL_API_KEY; without it, a key is generated and
// printed.
//
// The second command plays such recordings for any client.
//
// The third command passes the requests that no answer fits to a server that
// speaks OpenAI's chat completions. Bedrock's wire and rules still apply. If
// BEDROCK_LOCAL_BACKEND_KEY is set, it is the key for that server.
//
// With -load, models have quotas and take time; see control.md.
//
// # Rules
//
// The server accepts any credentials. A signature must have the right form. It
// is verified only for the access key "bedrocktest-access-key", whose secret is
// "bedrocktest-secret-key". RULES.md of package bedrocktest lists the rules
// that are enforced, and -off turns some of them off. With -strict=false no
// rule is enforced, and no signature is required. -explain logs every rule that
// a refused call breaks. COMPARISON.md compares the refusals of this server
// with those of another. The folder clients has set-ups for tests in other
// languages.
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
