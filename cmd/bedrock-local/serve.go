//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// serve listens and answers until the context ends. Then it gives the calls in
// progress some time to end.
func (c *config) serve(ctx context.Context, out, errOut io.Writer) error {
	log, err := c.log(errOut)
	if err != nil {
		return err
	}
	o, err := c.options(log)
	if err != nil {
		return err
	}
	if o.Upstream, err = c.proxy(ctx); err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.addr)
	if err != nil {
		return err
	}
	defer l.Close()
	if a, ok := l.Addr().(*net.TCPAddr); ok {
		o.Loopback = a.IP.IsLoopback()
	}
	s, err := local.New(o)
	if err != nil {
		return err
	}
	defer restartOnHangup(s, log)()
	fmt.Fprintf(out, "listening on http://%s\n", l.Addr())
	if o.Upstream != nil && os.Getenv(keyVariable) == "" {
		fmt.Fprintf(out, "clients send the API key %s\n", o.Upstream.APIKey)
	}
	err = c.until(ctx, s, l)
	return errors.Join(err, s.Close())
}

func (c *config) until(ctx context.Context, s *local.Server, l net.Listener) error {
	server := s.HTTPServer()
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.Stop()
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), c.grace)
	defer cancel()
	if err := server.Shutdown(grace); err != nil {
		err = server.Close()
		<-failed
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// restartOnHangup starts all scripts again at each SIGHUP, until the returned
// function is called.
func restartOnHangup(s *local.Server, log *slog.Logger) (stop func()) {
	hangup := make(chan os.Signal, 1)
	signal.Notify(hangup, syscall.SIGHUP)
	done := make(chan struct{})
	go func() {
		for {
			select {
			case <-hangup:
				s.Restart()
				log.Info("scripts start again", "at", time.Now().UTC().Format(time.RFC3339))
			case <-done:
				return
			}
		}
	}()
	return func() {
		signal.Stop(hangup)
		close(done)
	}
}
