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
var ErrOffline = errors.New("recordings: the test is offline: replay the call from a cassette, or use a fake")

// Offline prevents accidental use of the network until the end of the test, for
// example by a client without a tape, or by an SDK that looks for credentials.
// Calls through [http.DefaultTransport] fail with [ErrOffline]. They include
// calls by [http.DefaultClient] and by every client without a transport. Calls
// through another transport, such as an SDK's, fail when they look up their
// host, with the text of ErrOffline. Servers on this machine can still be
// called.
//
// Offline does not stop a transport that has its own resolver, or that connects
// to another machine by its address. The metadata service of AWS has such an
// address; Offline disables it for AWS's own SDKs.
//
// Offline replaces settings of the whole program. Like Setenv, which it calls,
// it cannot be used in a parallel test.
func Offline(t interface {
	Helper()
	Cleanup(func())
	Setenv(name, value string)
}) {
	t.Helper()
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true") // Setenv also refuses parallel tests
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

// offlineTransport returns a transport that reaches only this machine. It is an
// *http.Transport, because programs expect the default transport to be one.
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

// Isolate unsets every AWS_ variable of the environment until the end of the
// test. It also sets the variables that keep an AWS client from reading a
// configuration elsewhere: from the user's files or from the instance metadata
// service. Otherwise a test depends on the user who runs it: AWS_CA_BUNDLE
// breaks a client that has its own HTTP client, and AWS_BEARER_TOKEN_BEDROCK
// and AWS_PROFILE change how requests are signed.
//
// A test that records needs the user's configuration, so it must not call
// Isolate; see [Tape.Recording]. Like Setenv, Isolate cannot be used in a
// parallel test.
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
		t.Setenv(name, "") // Setenv restores the old value when the test ends
		os.Unsetenv(name)
	}
	t.Setenv("AWS_CONFIG_FILE", os.DevNull)
	t.Setenv("AWS_SHARED_CREDENTIALS_FILE", os.DevNull)
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
}
