package recordings

import (
	"os"
	"strings"
)

// Isolate unsets, until the test ends, every AWS_ variable of the environment,
// and sets those that keep an AWS client from looking for a configuration
// elsewhere: no files of the user, no instance metadata service. Otherwise a
// test depends on who runs it: AWS_CA_BUNDLE makes a client with an HTTP client
// of its own fail, AWS_BEARER_TOKEN_BEDROCK and AWS_PROFILE change how requests
// are signed.
//
// A test that may record needs the user's configuration, and must not call
// Isolate then: see [Tape.Recording]. Like Setenv it can't be used in a test
// that runs in parallel.
func Isolate(t interface {
	Helper()
	Setenv(name, value string)
}) {
	t.Helper()
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !strings.HasPrefix(strings.ToUpper(name), "AWS_") {
			continue
		}
		t.Setenv(name, "") // has the old value restored when the test ends
		os.Unsetenv(name)
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}
