//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"time"

	awsconfig "github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/backend"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// A config holds the values of the flags.
type config struct {
	addr       string
	answers    string
	recordings string
	strict     bool
	off        string
	date       string
	logs       string
	explain    bool
	keep       int
	grace      time.Duration
	load       string
	record     string
	upstream   string
	replay     string
	backend    string
	model      string
}

// The environment variables for secrets. As flags, secrets would show in the
// list of processes.
const (
	keyVariable     = "BEDROCK_LOCAL_API_KEY"
	backendVariable = "BEDROCK_LOCAL_BACKEND_KEY"
)

func parse(args []string, errOut io.Writer) (*config, error) {
	c := &config{}
	flags := flag.NewFlagSet("bedrock-local", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&c.answers, "answers", "", "JSON `file` with the answers to give; empty: repeat the user's text")
	flags.StringVar(&c.recordings, "recordings", "", "`folder` of the recordings that answers may come from; empty: the folder of -answers")
	flags.BoolVar(&c.strict, "strict", true, "enforce the service's rules")
	flags.StringVar(&c.off, "off", "", "`rules` not to enforce, separated by commas; RULES.md lists them")
	flags.StringVar(&c.date, "date", "", "`day` for which rules and models hold, such as 2026-11-12; empty: the date of the server's table")
	flags.StringVar(&c.logs, "log", "text", "`form` of the log on standard error: text, json or off")
	flags.BoolVar(&c.explain, "explain", false, "log every rule that a refused call breaks")
	flags.IntVar(&c.keep, "keep", 1000, "`calls` that each world remembers")
	flags.DurationVar(&c.grace, "grace", 3*time.Second, "`time` for the calls in progress to end when the program is stopped")
	flags.StringVar(&c.load, "load", "", "JSON `file` with quotas and times; see control.md of package local")
	flags.StringVar(&c.record, "record", "", "`folder` to record to; needs -upstream")
	flags.StringVar(&c.upstream, "upstream", "", "`region` of the Bedrock that answers, called with your own credentials; or the URL of a local one")
	flags.StringVar(&c.replay, "replay", "", "`folder` of recordings that answer")
	flags.StringVar(&c.backend, "backend", "", "`URL` of a server of OpenAI's chat completions that answers, such as http://localhost:11434")
	flags.StringVar(&c.model, "backend-model", "", "`name` of the back end's model; empty: the called id")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	switch {
	case flags.NArg() > 0:
		return nil, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case c.keep < 1:
		return nil, fmt.Errorf("-keep is %d; it should be 1 or more", c.keep)
	}
	return c, nil
}

// bedrock returns the options of every world's server.
func (c *config) bedrock() (*bedrocktest.Options, error) {
	o := &bedrocktest.Options{Off: []bedrocktest.Rule{"bearer-tls"}}
	if !c.strict {
		o.Lenient = true
		o.Off = append(o.Off, "authentication", "signature-v4")
	}
	known := map[bedrocktest.Rule]bool{}
	for _, r := range bedrocktest.Rules() {
		known[r.Rule] = true
	}
	for name := range strings.SplitSeq(c.off, ",") {
		rule := bedrocktest.Rule(strings.TrimSpace(name))
		switch {
		case rule == "":
		case !known[rule]:
			return nil, fmt.Errorf("-off: there is no rule %q; RULES.md of package bedrocktest lists them", rule)
		default:
			o.Off = append(o.Off, rule)
		}
	}
	if c.date == "" {
		return o, nil
	}
	var err error
	if o.Date, err = time.Parse(time.DateOnly, c.date); err != nil {
		return nil, fmt.Errorf("-date: %q is not a day such as 2026-11-12", c.date)
	}
	return o, nil
}

// log returns the logger of the program.
func (c *config) log(w io.Writer) (*slog.Logger, error) {
	switch c.logs {
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	case "off":
		return slog.New(slog.DiscardHandler), nil
	}
	return nil, fmt.Errorf("-log: %q is not text, json or off", c.logs)
}

// options returns the options of the worlds.
func (c *config) options(log *slog.Logger) (*local.Options, error) {
	b, err := c.bedrock()
	if err != nil {
		return nil, err
	}
	o := &local.Options{Bedrock: b, Answers: c.answers, Recordings: c.recordings, Load: c.load, Record: c.record, Replay: c.replay,
		Log: log, Explain: c.explain, Keep: c.keep}
	if c.backend == "" {
		if c.model != "" {
			return nil, errors.New("-backend-model needs -backend")
		}
		return o, nil
	}
	o.Model, err = backend.New(c.backend, &backend.Options{Model: c.model, APIKey: os.Getenv(backendVariable),
		NameOf: func(ctx context.Context) string { _, id := local.CallOf(ctx); return id }})
	return o, err
}

// proxy returns the Bedrock that -upstream names. Its API key for clients comes
// from the environment, or is generated.
func (c *config) proxy(ctx context.Context) (*local.Upstream, error) {
	if (c.record == "") != (c.upstream == "") {
		return nil, errors.New("-record and -upstream must both be set")
	}
	if c.upstream == "" {
		return nil, nil
	}
	u := &local.Upstream{Region: c.upstream, APIKey: os.Getenv(keyVariable)}
	if u.APIKey == "" {
		u.APIKey = rand.Text()
	}
	var load []func(*awsconfig.LoadOptions) error
	if strings.Contains(c.upstream, "://") {
		u.Endpoint, u.Region = c.upstream, bedrocktest.Region
		load = append(load, awsconfig.WithRegion(u.Region))
	} else {
		at, err := bedrockruntime.NewDefaultEndpointResolverV2().ResolveEndpoint(ctx, bedrockruntime.EndpointParameters{Region: &c.upstream})
		if err != nil {
			return nil, fmt.Errorf("-upstream: %q is not a region such as us-west-2", c.upstream)
		}
		u.Endpoint = at.URI.String()
		load = append(load, awsconfig.WithRegion(c.upstream))
	}
	loaded, err := awsconfig.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, errors.New("-upstream: the AWS configuration cannot be loaded; check AWS_PROFILE and the shared configuration files")
	}
	u.Credentials = loaded.Credentials
	return u, nil
}
