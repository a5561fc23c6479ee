package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/bedrockruntime"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/recordings"
)

// A recorder records the cassettes of scenarios.
type recorder struct {
	dir         string
	date        string // today's date
	live        bool
	region      string
	acceptDrift bool
}

// recordAll records scenarios one after the other, and reports the outcome of
// each. After a failure it goes on with the next one.
func (r *recorder) recordAll(ctx context.Context, w io.Writer, all []scenario) error {
	bad := 0
	for i := range all {
		what, changes, err := r.update(ctx, &all[i])
		if err != nil {
			bad++
			what = "FAILED: " + err.Error()
		}
		fmt.Fprintf(w, "%-36s %s\n", all[i].name, what)
		for _, c := range changes {
			fmt.Fprintf(w, "    %s\n", c)
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d cassettes were not recorded", bad, len(all))
	}
	return nil
}

var errDrift = errors.New("the shape has changed, and the cassette was not replaced; -accept-drift replaces it")

// update records a scenario and replaces its cassette, unless there is a reason
// not to. It returns the outcome in words, and the changes of shape.
func (r *recorder) update(ctx context.Context, s *scenario) (string, []recordings.Change, error) {
	if why := r.skips(s); why != "" {
		return "skipped: " + why, nil, nil
	}
	old, err := recordings.Load(os.DirFS(r.dir), s.name)
	if errors.Is(err, fs.ErrNotExist) {
		old, err = nil, nil
	}
	if err != nil {
		return "", nil, err
	}
	if err := os.MkdirAll(r.dir, 0o755); err != nil {
		return "", nil, err
	}
	fresh, err := os.MkdirTemp(r.dir, ".rerecord-") // in the same file system
	if err != nil {
		return "", nil, err
	}
	defer os.RemoveAll(fresh)
	if err := r.record(ctx, s, fresh); err != nil {
		return "", nil, err
	}
	return r.settle(s, old, fresh)
}

// skips returns the reason to skip a scenario, or an empty string.
func (r *recorder) skips(s *scenario) string {
	if r.live {
		return s.localOnly
	}
	return s.liveOnly
}

// settle decides between the old cassette, if there is one, and the fresh one.
func (r *recorder) settle(s *scenario, old *recordings.Cassette, fresh string) (string, []recordings.Change, error) {
	if old == nil {
		return "recorded", nil, replace(r.dir, fresh, s.name)
	}
	now, err := recordings.Load(os.DirFS(fresh), s.name)
	if err != nil {
		return "", nil, err
	}
	if now.Origin.Kind == recordings.Local && old.Origin.Kind != recordings.Local {
		return fmt.Sprintf("skipped: it was %s, and a local recording must not replace that", old.Origin.Kind), nil, nil
	}
	if old.Origin.Kind == now.Origin.Kind && reflect.DeepEqual(old.Exchanges, now.Exchanges) {
		return "unchanged", nil, nil
	}
	changes := recordings.Drift(old, now)
	if len(changes) > 0 && !r.acceptDrift {
		return "", changes, errDrift
	}
	return "recorded anew", changes, replace(r.dir, fresh, s.name)
}

// replace moves a cassette and its view, if it has one, from one folder to
// another.
func replace(dir, fresh, name string) error {
	to, from := filepath.Join(dir, filepath.FromSlash(name)), filepath.Join(fresh, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
		return err
	}
	if err := os.Rename(from+".yaml", to+".yaml"); err != nil {
		return err
	}
	err := os.Rename(from+".txt", to+".txt")
	if errors.Is(err, fs.ErrNotExist) { // no stream, no view
		if err = os.Remove(to + ".txt"); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// record plays a scenario and writes its cassette into a folder.
func (r *recorder) record(ctx context.Context, s *scenario, dir string) error {
	opts := recordings.Options{Dir: dir, Record: true, Origin: recordings.Origin{Date: r.date}}
	script := s.script()
	if !r.live {
		opts.Origin.Source = "bedrocktest, by the script of recordings/internal/rerecord"
		opts.Transport = bedrocktest.New(script, nil).Transport()
	}
	sess := &session{name: s.name}
	tape := recordings.Open(sess, s.name, &opts)
	if tape == nil {
		return sess.err()
	}
	if err := r.playTo(ctx, s, tape); err != nil {
		sess.Errorf("%w", err)
	} else if !r.live {
		script.AssertDrained(sess)
	}
	sess.end() // writes the cassette
	return sess.err()
}

// playTo plays a scenario with a client that sends its requests to a tape.
func (r *recorder) playTo(ctx context.Context, s *scenario, tape *recordings.Tape) error {
	client := localClient(tape)
	if r.live {
		var err error
		if client, err = r.liveClient(ctx, tape); err != nil {
			return err
		}
	}
	llm, err := s.open(client)
	if err != nil {
		return err
	}
	return s.play(ctx, llm)
}

// liveClient returns a client with the AWS configuration of the machine. Only
// its own requests go to the tape, not those that get credentials.
func (r *recorder) liveClient(ctx context.Context, tape *recordings.Tape) (*bedrockruntime.Client, error) {
	var opts []func(*config.LoadOptions) error
	if r.region != "" {
		opts = append(opts, config.WithRegion(r.region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, opts...)
	if err != nil {
		return nil, err
	}
	if cfg.Region == "" {
		return nil, errors.New("no AWS region is set; give -region, or set AWS_REGION")
	}
	return bedrockruntime.NewFromConfig(cfg, once(tape)), nil
}

// localClient returns a client whose requests never leave the program.
func localClient(tape *recordings.Tape) *bedrockruntime.Client {
	return bedrockruntime.New(bedrockruntime.Options{
		Region:               bedrocktest.Region,
		Credentials:          credentials.NewStaticCredentialsProvider(bedrocktest.AccessKeyID, bedrocktest.SecretAccessKey, ""),
		AuthSchemePreference: []string{"sigv4"},
	}, once(tape))
}

// once makes a client send each call to a tape without retries, because a
// cassette would contain every attempt.
func once(tape *recordings.Tape) func(*bedrockruntime.Options) {
	return func(o *bedrockruntime.Options) { o.HTTPClient, o.Retryer = tape.Client(), aws.NopRetryer{} }
}
