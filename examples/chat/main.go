// Chat is a chat service with a web page. Answers stream to the browser as
// server-sent events, the model calls tools, and conversations are stored in
// SQLite with their costs.
//
//	go run . -addr 127.0.0.1:8080
//
// Without an account, a scripted model answers. With -model, Amazon Bedrock
// answers, called with the credentials of your environment.
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
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "chat:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, args []string) error {
	var prices budget.Prices
	flags := flag.NewFlagSet("chat", flag.ContinueOnError)
	addr := flags.String("addr", "127.0.0.1:8080", "the address to listen on")
	file := flags.String("db", "chat.db", "the SQLite file of the conversations")
	modelID := flags.String("model", "", "a model or inference profile of Amazon Bedrock; empty: a scripted model")
	region := flags.String("region", "", "the AWS region, with -model; empty: that of your configuration")
	flags.Float64Var(&prices.Input, "input-price", 3, "price of a million input tokens")
	flags.Float64Var(&prices.Output, "output-price", 15, "price of a million output tokens")
	flags.Float64Var(&prices.CacheRead, "read-price", 0.3, "price of a million tokens read from the cache")
	flags.Float64Var(&prices.CacheWrite, "write-price", 3.75, "price of a million tokens written to the cache")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil // the flags have been printed
	} else if err != nil {
		return err
	}
	llm, err := open(ctx, *modelID, *region)
	if err != nil {
		return err
	}
	kept, err := openStore(*file)
	if err != nil {
		return err
	}
	defer kept.close()
	s, err := newService(llm, kept, prices, 400*time.Millisecond)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", *addr)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "http://%s\n", listener.Addr())
	return serve(ctx, listener, s)
}

func open(ctx context.Context, modelID, region string) (model.ChatModel, error) {
	if modelID == "" {
		return scripted(), nil
	}
	llm, err := bedrock.Open(ctx, modelID, &bedrock.Options{Region: region})
	if err != nil {
		return nil, err
	}
	return model.Wrap(llm, model.Retry(nil)), nil
}

// serve answers requests until ctx ends. Then it ends the answers in progress,
// and stores their conversations so far.
func serve(ctx context.Context, listener net.Listener, s *service) error {
	server := &http.Server{
		Handler:           s.handler(),
		ReadHeaderTimeout: 5 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return ctx },
	}
	ended := make(chan error, 1)
	go func() {
		<-ctx.Done()
		wait, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		ended <- server.Shutdown(wait)
	}()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}
