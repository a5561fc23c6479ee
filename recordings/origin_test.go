package recordings_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/chatmodel-go/chatmodel/recordings"
)

func TestOriginOfRecording(t *testing.T) {
	const live = "https://bedrock-runtime.us-east-1.amazonaws.com/model/us.m-1%3A0/converse"
	const agent = "aws-sdk-go-v2/1.47.7 os/linux lang/go#1.26.8 api/bedrockruntime#1.63.11"
	now := time.Date(2026, 1, 31, 23, 0, 0, 0, time.UTC)
	sdk := []string{"aws-sdk-go-v2/1.47.7", "lang/go#1.26.8", "api/bedrockruntime#1.63.11"}
	tests := []struct {
		name      string
		said      recordings.Origin
		own       bool
		addresses []string
		want      recordings.Origin
		wantErr   string
	}{
		{name: "live service", addresses: []string{live},
			want: recordings.Origin{Kind: recordings.Captured, Model: "us.m-1:0", Region: "us-east-1", SDK: sdk, Date: "2026-01-31"}},
		{name: "what is said takes precedence", addresses: []string{live},
			said: recordings.Origin{Source: "s", Model: "m", Region: "r", SDK: []string{"x"}, Date: "2025-12-31"},
			want: recordings.Origin{Kind: recordings.Captured, Source: "s", Model: "m", Region: "r", SDK: []string{"x"}, Date: "2025-12-31"}},
		{name: "own transport to the live address", own: true, addresses: []string{live},
			want: recordings.Origin{Kind: recordings.Local, Model: "us.m-1:0", Region: "us-east-1", SDK: sdk, Date: "2026-01-31"}},
		{name: "own transport said to be captured", own: true, addresses: []string{live}, said: recordings.Origin{Kind: recordings.Captured}, wantErr: "the responses are local"},
		{name: "live said to be transcribed", addresses: []string{live}, said: recordings.Origin{Kind: recordings.Transcribed}, wantErr: "the responses are captured"},
		{name: "loopback", addresses: []string{"http://127.0.0.1:9/model/m/converse"}, want: recordings.Origin{Kind: recordings.Local, Model: "m", SDK: sdk, Date: "2026-01-31"}},
		{name: "ipv6 loopback", addresses: []string{"http://[::1]:9/model/m/converse"}, want: recordings.Origin{Kind: recordings.Local, Model: "m", SDK: sdk, Date: "2026-01-31"}},
		{name: "private network", addresses: []string{"http://10.1.2.3/model/m/converse"}, want: recordings.Origin{Kind: recordings.Local, Model: "m", SDK: sdk, Date: "2026-01-31"}},
		{name: "reserved name", addresses: []string{"http://bedrock.test/model/m/converse"}, want: recordings.Origin{Kind: recordings.Local, Model: "m", SDK: sdk, Date: "2026-01-31"}},
		{name: "host without a dot", addresses: []string{"http://bedrock:80/model/m/converse"}, want: recordings.Origin{Kind: recordings.Local, Model: "m", SDK: sdk, Date: "2026-01-31"}},
		{name: "both", addresses: []string{live, "http://localhost/model/m/converse"}, wantErr: "record two cassettes"},
		{name: "no model", addresses: []string{"https://api.somebody.com/v1/chat"}, wantErr: "model is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := recordings.OriginOf(tt.said, now, agent, tt.own, tt.addresses...)
			if tt.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tt.wantErr) {
					t.Errorf("error = %v, want %q in it", err, tt.wantErr)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("origin (-want +got):\n%s", diff)
			}
		})
	}
}

func TestCanonicalNumber(t *testing.T) {
	for in, want := range map[string]string{
		"0": "0", "-0": "0", "0.000": "0", "0e99": "0",
		"1": "1", "1.0": "1", "1e0": "1", "10e-1": "1", "-1.50": "-1.5", "100": "100", "1E2": "100",
		"0.1": "0.1", "0.00001": "0.00001", "1e-3": "0.001", "12.5e1": "125", "12.34": "12.34",
		"9007199254740993": "9007199254740993", "123456789012345678901234567890": "123456789012345678901234567890",
		"1e400": "1e400", "1e-400": "1e-400",
		"1e99999999999999999999": "1e99999999999999999999",
	} {
		if got := recordings.CanonicalNumber(in); got != want {
			t.Errorf("CanonicalNumber(%s) = %s, want %s", in, got, want)
		}
	}
}
