package conformance

import (
	"os"
	"runtime/debug"
	"testing"
)

// Most of what the cases allocate is garbage at once: collecting it less often
// saves a fifth of the time.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}
