package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/probe"
)

type stream = io.Writer

// A command writes reports to one place and all else to the other.
type command struct {
	out, problems stream
}

func (c *command) say(format string, args ...any) {
	fmt.Fprintf(c.problems, "bedrock-probe: "+format+"\n", args...)
}

func (c *command) misuse(format string, args ...any) int {
	c.say(format, args...)
	return misused
}

// flags are the values of the command line.
type flags struct {
	model, base, region, profile, endpoint, format string
	price, output, goOn, only                      string
	budget                                         float64
	facts, quiet                                   bool
}

func (c *command) parse(args []string) (*flags, int, bool) {
	f := &flags{}
	set := flag.NewFlagSet("bedrock-probe", flag.ContinueOnError)
	set.SetOutput(c.problems)
	set.StringVar(&f.model, "model", "", "the `id` of a model or an inference profile; required")
	set.StringVar(&f.base, "base", "", "the `id` of the model behind an id that does not name it")
	set.StringVar(&f.region, "region", "", "the AWS `Region`; empty: that of the environment")
	set.StringVar(&f.profile, "profile", "", "the `profile` of the shared configuration; empty: that of the environment")
	set.StringVar(&f.format, "format", "", "the body `format` for InvokeModel, such as anthropic; auto: the model's own; empty: Converse")
	set.StringVar(&f.price, "price", "", "the prices of a million tokens of input and of output, such as 3,15")
	set.Float64Var(&f.budget, "budget", 0.20, "the most that the calls may cost; 0: any `amount`")
	set.StringVar(&f.output, "o", "", "the `file` for the report, ending in .json, .md or .html; empty: printed as Markdown")
	set.StringVar(&f.goOn, "continue", "", "the JSON `report` of a run that was broken off")
	set.StringVar(&f.only, "only", "", "`facts` or groups of them to be asked about, such as sampling,tools.any")
	set.StringVar(&f.endpoint, "endpoint", "", "the `URL` of an emulator or a gateway, to be scored")
	set.BoolVar(&f.facts, "facts", false, "ask for facts at -endpoint, too, instead of scoring it")
	set.BoolVar(&f.quiet, "q", false, "no progress")
	set.Usage = func() {
		fmt.Fprintln(c.problems, "usage: bedrock-probe -model ID -price IN,OUT [flags]\n       bedrock-probe -model ID -endpoint URL [flags]\n       bedrock-probe diff before.json after.json")
		set.PrintDefaults()
	}
	switch err := set.Parse(args); {
	case errors.Is(err, flag.ErrHelp):
		return nil, expected, false
	case err != nil:
		return nil, misused, false
	case set.NArg() > 0:
		return nil, c.misuse("%q is no flag; did you mean diff %s?", set.Arg(0), strings.Join(set.Args(), " ")), false
	}
	return f, 0, true
}

// options checks the flags.
func (f *flags) options() (*probe.Options, error) {
	o := &probe.Options{Format: bedrock.Format(f.format), BaseModel: f.base, Budget: f.budget}
	switch {
	case f.model == "":
		return nil, errors.New("-model is missing; give the id of a model")
	case f.facts && f.endpoint == "":
		return nil, errors.New("-facts goes with -endpoint; without it, facts are all that is asked for")
	case f.price == "" && f.endpoint == "":
		return nil, errors.New("-price is missing: the calls cost money; give the prices of a million tokens of input and of output, such as -price 3,15")
	case f.scores() && (f.only != "" || f.goOn != "" || f.format != ""):
		return nil, errors.New("-only, -continue and -format are for facts; an -endpoint is scored as a whole")
	}
	if f.endpoint != "" {
		u, err := url.Parse(f.endpoint)
		if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return nil, fmt.Errorf("-endpoint %q is not a URL such as http://127.0.0.1:4566", f.endpoint)
		}
	}
	if f.price != "" {
		if n, err := fmt.Sscanf(f.price+"\n", "%g,%g\n", &o.Prices.Input, &o.Prices.Output); err != nil || n != 2 {
			return nil, fmt.Errorf("-price %q is not two numbers such as 3,15", f.price)
		}
	}
	if o.Prices == (probe.Prices{}) {
		o.Budget = 0 // nothing costs
	}
	if _, err := writerFor(f.output); err != nil {
		return nil, err
	}
	if f.only != "" {
		o.Only = strings.Split(f.only, ",")
	}
	if f.goOn != "" {
		var err error
		if o.Continue, err = readReport(f.goOn); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (f *flags) scores() bool { return f.endpoint != "" && !f.facts }

// client makes a client of the SDK as applications do. Nothing is sent.
func (f *flags) client(ctx context.Context) (*bedrockruntime.Client, error) {
	var load []func(*config.LoadOptions) error
	if f.region != "" {
		load = append(load, config.WithRegion(f.region))
	}
	if f.profile != "" {
		load = append(load, config.WithSharedConfigProfile(f.profile))
	}
	cfg, err := config.LoadDefaultConfig(ctx, load...)
	if err != nil {
		return nil, fmt.Errorf("the AWS configuration cannot be loaded: %w", err)
	}
	if f.endpoint != "" {
		cfg.BaseEndpoint = aws.String(f.endpoint)
	}
	client := bedrockruntime.NewFromConfig(cfg)
	o := client.Options()
	if o.Region == "" && o.BaseEndpoint == nil {
		return nil, errors.New("there is no AWS Region; give -region, or set AWS_REGION")
	}
	if o.BearerAuthTokenProvider == nil && o.Credentials != nil {
		if _, err := o.Credentials.Retrieve(ctx); err != nil {
			return nil, fmt.Errorf("there are no AWS credentials; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile or AWS_BEARER_TOKEN_BEDROCK: %w", err)
		}
	}
	return client, nil
}

// probe runs the questions, or the score.
func (c *command) probe(ctx context.Context, args []string) int {
	f, status, ok := c.parse(args)
	if !ok {
		return status
	}
	o, err := f.options()
	if err != nil {
		return c.misuse("%v", err)
	}
	client, err := f.client(ctx)
	if err != nil {
		return c.misuse("%v", err)
	}
	if !f.quiet {
		o.Progress = c.progress
	}
	ask := probe.Run
	if f.scores() {
		ask = probe.Score
	}
	report, err := ask(ctx, client, f.model, o)
	if report == nil {
		return c.misuse("%s", strings.TrimPrefix(err.Error(), "probe: "))
	}
	if err != nil {
		c.say("%s", strings.TrimPrefix(err.Error(), "probe: "))
		return c.keep(f, report)
	}
	if err := c.write(f.output, report); err != nil {
		return c.misuse("%v", err)
	}
	if len(report.Of(probe.Differs)) > 0 || report.Score != nil && !report.Score.Perfect() {
		return differs
	}
	return expected
}

// keep writes the results of an interrupted run.
func (c *command) keep(f *flags, report *probe.Report) int {
	if len(report.Findings) == 0 {
		return broken
	}
	name := f.output
	if !strings.HasSuffix(name, ".json") {
		name = strings.TrimSuffix(strings.TrimSuffix(name, ".html"), ".md") + ".json"
		if f.output == "" {
			name = "bedrock-probe.json"
		}
	}
	if err := c.write(name, report); err != nil {
		return c.misuse("%v", err)
	}
	c.say("%d findings are in %s; go on with -continue %s", len(report.Findings), name, name)
	return broken
}

// progress prints a line a question.
func (c *command) progress(p probe.Progress) {
	if len(p.Findings) == 0 {
		if p.Report.Score != nil {
			fmt.Fprintf(c.problems, "\r[%d/%d]", p.Done, p.Of)
			if p.Done == p.Of {
				fmt.Fprintln(c.problems)
			}
		}
		return
	}
	for _, f := range p.Findings {
		fmt.Fprintf(c.problems, "[%d/%d] %s: %s", p.Done, p.Of, f.Fact, f.Verdict)
		switch f.Verdict {
		case probe.Differs, probe.New:
			fmt.Fprintf(c.problems, ": %s (table: %s)", or(f.Seen, "nothing"), or(f.Table, "nothing"))
		case probe.Unclear, probe.Left:
			fmt.Fprintf(c.problems, ": %s", f.Said)
		}
		fmt.Fprintf(c.problems, " (%.4f)\n", p.Cost)
	}
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// readReport reads a report from a file.
func readReport(name string) (*probe.Report, error) {
	in, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	report, err := probe.ReadReport(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return report, nil
}
