package ttl_test

import (
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/internal/ttl"
)

func TestFormat(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "", 5 * time.Minute: "5m", time.Hour: "1h", 90 * time.Minute: "90m", 24 * time.Hour: "24h",
		90 * time.Second: "1m30s", -time.Minute: "-1m",
	} {
		if got := ttl.Format(d); got != want {
			t.Errorf("Format(%v) = %q, want %q", d, got, want)
		}
	}
}
