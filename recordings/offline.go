package recordings

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
)

// ErrOffline is the error of a call to the network after [Offline].
var ErrOffline = errors.New("recordings: the test is offline: replay the call from a cassette, or answer it with a fake")

// Offline keeps a test from using the network by mistake, until it ends:
// through a client without a tape, or an SDK that looks for credentials. Calls
// by [http.DefaultTransport], and so by [http.DefaultClient] and every client
// that has no transport, fail with [ErrOffline]; those by another transport,
// such as that of an SDK, fail when they look up their host, with its text.
// Servers on this machine can be called all the same.
//
// Offline does not stop a transport that has a resolver of its own, or that is
// given the address of another machine instead of a name; the metadata service
// of AWS, which has such an address, is switched off for AWS's own SDKs.
//
// It replaces settings of the whole program. Like Setenv, which it calls, it
// can't be used in a test that runs in parallel.
func Offline(t interface {
	Helper()
	Cleanup(func())
	Setenv(name, value string)
}) {
	t.Helper()
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // and refuses tests that run in parallel
	transport, resolver := http.DefaultTransport, net.DefaultResolver
	guarded := offlineTransport(transport)
	http.DefaultTransport = guarded
	net.DefaultResolver = &net.Resolver{
		PreferGo:     true,
		StrictErrors: true,
		Dial: func(context.Context, string, string) (net.Conn, error) {
			return nil, ErrOffline
		},
	}
	t.Cleanup(func() {
		http.DefaultTransport, net.DefaultResolver = transport, resolver
		guarded.CloseIdleConnections()
	})
}

// offlineTransport returns a transport that reaches this machine only. It is an
// *http.Transport, as programs expect the default one to be.
func offlineTransport(like http.RoundTripper) *http.Transport {
	guarded := networkTransport()
	if t, ok := like.(*http.Transport); ok {
		guarded = t.Clone()
	}
	guarded.Proxy = nil
	guarded.DialTLSContext = nil
	var dialer net.Dialer
	guarded.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if !isThisMachine(address) {
			return nil, fmt.Errorf("%s: %w", address, ErrOffline)
		}
		return dialer.DialContext(ctx, network, address)
	}
	return guarded
}

func isThisMachine(address string) bool {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Isolate unsets, until the test ends, every AWS_ variable of the environment,
// and sets those that keep an AWS client from looking for a configuration
// elsewhere: no files of the user, no instance metadata service. Otherwise a
// test depends on the user who runs it: AWS_CA_BUNDLE makes a client with an
// HTTP client of its own fail, AWS_BEARER_TOKEN_BEDROCK and AWS_PROFILE change
// how requests are signed.
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
