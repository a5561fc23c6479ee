//go:build !js

// Bedrock-local runs an Amazon Bedrock Runtime on this machine, for clients in any
// language:
//
//	go run ./cmd/bedrock-local -addr 127.0.0.1:8080 [-script turns.json] [-strict=true]
//
// It prints the address that it listens on, with the port that was chosen if
// the one given is 0, and then a line for every call. It speaks HTTP/1.1 and
// HTTP/2 without TLS; API keys, which the service takes over TLS only, are
// accepted here.
//
// Without a script it repeats the last text of the user. A script is a JSON
// array of answers, which are played in order, one a call, whether streamed or
// not:
//
//	[
//	  {"message": {"role": "assistant", "parts": [
//	     {"type": "thinking", "text": "It wants the weather."},
//	     {"type": "tool_call", "id": "tooluse_1", "name": "weather", "input": {"city": "Paris"}}]},
//	   "stop_reason": "tool_use",
//	   "usage": {"input_tokens": 12, "output_tokens": 34}},
//	  {"error": {"code": "ThrottlingException"}},
//	  {"message": {"role": "assistant", "parts": [{"type": "text", "text": "Sunny."}]}}
//	]
//
// An answer is a model.Response in its own JSON. What it leaves out is filled
// in: tool calls get ids, the stop reason follows from the answer, tokens are
// counted. An error is an exception of the service, with code, status and
// message, of which code is enough. When the script is at its end, calls are
// refused with a ValidationException that says so; SIGHUP starts it again.
//
// Any credentials will do: a signature must have the right form, and is
// verified only for the access key "bedrocktest-access-key", whose secret is
// "bedrocktest-secret-key". The rules that are enforced are listed in the
// documentation of package bedrocktest; with -strict=false none is, and
// neither is a signature asked for.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/model"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return
		}
		fmt.Fprintln(os.Stderr, "bedrock-local:", err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	flags := flag.NewFlagSet("bedrock-local", flag.ContinueOnError)
	flags.SetOutput(errOut)
	addr := flags.String("addr", "127.0.0.1:8080", "address to listen on; port 0 picks a free one")
	script := flags.String("script", "", "JSON file with the answers to play; empty repeats what the user says")
	strict := flags.Bool("strict", true, "enforce the service's rules")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	var m model.ChatModel = echo{}
	if *script != "" {
		p, err := loadScript(*script)
		if err != nil {
			return err
		}
		defer p.restartOnHangup()()
		m = p
	}
	log := &logger{out: out}
	h := bedrocktest.New(m, options(*strict, log.call))
	l, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	log.printf("listening on http://%s\n", l.Addr())
	return serve(ctx, h.HTTPServer(), l)
}

func options(strict bool, logged func(bedrocktest.Call)) *bedrocktest.Options {
	o := &bedrocktest.Options{Off: []bedrocktest.Rule{"bearer-tls"}, Logged: logged, Keep: -1}
	if !strict {
		o.Lenient = true
		o.Off = append(o.Off, "authentication", "signature-v4")
	}
	return o
}

// serve lets running calls end when the context does, for a while.
func serve(ctx context.Context, server *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*time.Second)
	defer cancel()
	if server.Shutdown(grace) != nil {
		return server.Close()
	}
	return nil
}

// A logger writes a line a call.
type logger struct {
	mu  sync.Mutex
	out io.Writer
}

func (l *logger) printf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fmt.Fprintf(l.out, format, args...)
}

func (l *logger) call(c bedrocktest.Call) {
	what := c.Operation + " " + c.ModelID
	if c.Operation == "" {
		what = c.Method + " " + c.Path
	}
	line := fmt.Sprintf("%s #%d %s %s %d %v", c.At.Format("15:04:05.000"), c.Number, what, c.Proto, c.Status, c.Duration.Round(time.Millisecond))
	if c.Frames > 0 {
		line += fmt.Sprintf(" frames=%d", c.Frames)
	}
	if c.Exception != nil {
		line += fmt.Sprintf(" %s: %q", c.Exception.Code, c.Exception.Message)
	}
	l.printf("%s\n", line)
}
