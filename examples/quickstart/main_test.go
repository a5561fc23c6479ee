package main

import (
	"bytes"
	"context"
	_ "embed"
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/recordings"
)

//go:embed output.txt
var output string

// TestQuickstart runs the program as a newcomer does: without arguments,
// configuration or credentials.
func TestQuickstart(t *testing.T) {
	recordings.Isolate(t)
	var got bytes.Buffer
	if err := run(context.Background(), &got, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(output, got.String()); diff != "" {
		t.Errorf("output (-want +got):\n%s", diff)
	}
}

// TestLiveNeedsRegion shows that -live fails with a clear error, and without
// the network, where nothing is configured.
func TestLiveNeedsRegion(t *testing.T) {
	recordings.Isolate(t)
	t.Setenv("AWS_CONFIG_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", t.TempDir()+"/none")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	err := run(context.Background(), &bytes.Buffer{}, []string{"-live"})
	const want = "bedrock: open us.anthropic.claude-sonnet-4-5-20250929-v1:0: invalid request: no AWS region is set; set AWS_REGION, Options.Region, or a region in the shared configuration"
	if err == nil || err.Error() != want {
		t.Errorf("run(-live) = %v, want %s", err, want)
	}
}

// TestHelp: who asks for help is told, and has made no mistake.
func TestHelp(t *testing.T) {
	if err := run(t.Context(), io.Discard, []string{"-h"}); err != nil {
		t.Errorf("-h: %v", err)
	}
}
