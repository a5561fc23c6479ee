//go:build !js

package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/local"
)

// A config is what the flags say.
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
}

func parse(args []string, errOut io.Writer) (*config, error) {
	c := &config{}
	flags := flag.NewFlagSet("bedrock-local", flag.ContinueOnError)
	flags.SetOutput(errOut)
	flags.StringVar(&c.addr, "addr", "127.0.0.1:8080", "`address` to listen on; port 0 picks a free one")
	flags.StringVar(&c.answers, "answers", "", "JSON `file` with the answers to give; empty: repeat what the user says")
	flags.StringVar(&c.recordings, "recordings", "", "`folder` of the recordings that answers come from; empty: the folder of -answers")
	flags.BoolVar(&c.strict, "strict", true, "enforce the service's rules")
	flags.StringVar(&c.off, "off", "", "`rules` that are not enforced, separated by commas; RULES.md lists them")
	flags.StringVar(&c.date, "date", "", "`day` for which rules and models hold, such as 2026-11-12; empty: that of the server's table")
	flags.StringVar(&c.logs, "log", "text", "`form` of the log on standard error: text, json or off")
	flags.BoolVar(&c.explain, "explain", false, "log every rule that a refused call breaks")
	flags.IntVar(&c.keep, "keep", 1000, "`calls` that are remembered in each world")
	flags.DurationVar(&c.grace, "grace", 3*time.Second, "`time` that running calls have when the program is stopped")
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

// bedrock returns what holds for every world.
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
		return nil, fmt.Errorf("-date: %q is no day such as 2026-11-12", c.date)
	}
	return o, nil
}

// log returns where the program's records go.
func (c *config) log(w io.Writer) (*slog.Logger, error) {
	switch c.logs {
	case "text":
		return slog.New(slog.NewTextHandler(w, nil)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(w, nil)), nil
	case "off":
		return slog.New(slog.DiscardHandler), nil
	}
	return nil, fmt.Errorf("-log: %q is none of text, json and off", c.logs)
}

// options returns what the worlds are made of.
func (c *config) options(log *slog.Logger) (*local.Options, error) {
	b, err := c.bedrock()
	if err != nil {
		return nil, err
	}
	return &local.Options{Bedrock: b, Answers: c.answers, Recordings: c.recordings, Log: log, Explain: c.explain, Keep: c.keep}, nil
}
