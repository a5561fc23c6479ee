package recordings

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Kind is the way in which the responses of a cassette came about. No kind
// stands for "unknown": a cassette without an origin is an error.
type Kind string

const (
	// Captured responses were sent by the live service. A recording gets this
	// kind only if all of it came over the network from a host other than this
	// machine.
	Captured Kind = "captured"
	// Local responses were sent by a server of the developer: one on this
	// machine, or one behind a transport that the caller supplied.
	Local Kind = "local"
	// Transcribed responses were written down from documentation.
	Transcribed Kind = "transcribed"
)

// An Origin describes where a cassette came from. Recording fills in the fields
// that it can determine. Fields that the caller sets in [Options.Origin] take
// precedence, except that Kind must agree with the recording.
type Origin struct {
	Kind   Kind     // required
	Source string   // the page or server with the responses; required if Transcribed
	Model  string   // model id as the client sends it; required
	Region string   // such as "us-east-1"; empty if the service has none
	SDK    []string // the clients that sent the requests, such as "aws-sdk-go-v2/1.47.7"; required if Captured
	Date   string   // the day of the recording, as 2006-01-02; required
}

// validate returns an error that names the first missing or invalid field.
func (o Origin) validate() error {
	switch o.Kind {
	case Captured, Local, Transcribed:
	case "":
		return errors.New("origin: missing; a cassette must state whether it is captured, local or transcribed")
	default:
		return fmt.Errorf("origin: kind %q is not one of captured, local, transcribed", o.Kind)
	}
	if o.Model == "" {
		return errors.New("origin: model is missing")
	}
	if _, err := time.Parse(time.DateOnly, o.Date); err != nil {
		return fmt.Errorf("origin: date %q does not have the form %s", o.Date, time.DateOnly)
	}
	if o.Kind == Transcribed && o.Source == "" {
		return errors.New("origin: source is missing; name the document that was transcribed")
	}
	if o.Kind == Captured && len(o.SDK) == 0 {
		return errors.New("origin: sdk is missing; name the client that sent the requests")
	}
	return nil
}

func (o Origin) isZero() bool {
	return o.Kind == "" && o.Source == "" && o.Model == "" && o.Region == "" && len(o.SDK) == 0 && o.Date == ""
}

// clone returns a copy that shares no memory with o.
func (o Origin) clone() Origin {
	o.SDK = slices.Clone(o.SDK)
	return o
}

// An observation is a recorder's knowledge about the source of its responses.
type observation struct {
	kinds  map[Kind]bool
	model  string
	region string
	sdk    []string
}

// observe records one live request. A transport that the caller supplied may
// answer for any host, so its responses count as local.
func (o *observation) observe(u *url.URL, userAgent string, ownTransport bool) {
	kind := Captured
	if ownTransport || isLocalHost(u.Hostname()) {
		kind = Local
	}
	if o.kinds == nil {
		o.kinds = map[Kind]bool{}
	}
	o.kinds[kind] = true
	if o.model == "" {
		o.model = modelInPath(u)
	}
	if m := regionInHost().FindStringSubmatch(u.Hostname()); o.region == "" && m != nil {
		o.region = m[1]
	}
	if len(o.sdk) == 0 {
		o.sdk = clientVersions(userAgent)
	}
}

// origin completes the caller's origin with the observation.
func (o *observation) origin(said Origin, now time.Time) (Origin, error) {
	if len(o.kinds) > 1 {
		return Origin{}, errors.New("origin: some responses came from this machine and some from elsewhere; record two cassettes")
	}
	got := said.clone()
	for kind := range o.kinds {
		if said.Kind != "" && said.Kind != kind {
			return Origin{}, fmt.Errorf("origin: kind is %s, but the responses are %s", said.Kind, kind)
		}
		got.Kind = kind
	}
	if got.Model == "" {
		got.Model = o.model
	}
	if got.Region == "" {
		got.Region = o.region
	}
	if len(got.SDK) == 0 {
		got.SDK = slices.Clone(o.sdk)
	}
	if got.Date == "" {
		got.Date = now.UTC().Format(time.DateOnly)
	}
	return got, got.validate()
}

var regionInHost = compiled(`\.([a-z]{2}(?:-[a-z]+)+-[0-9])\.`)

// isLocalHost reports whether a host is this machine, in its private network,
// or has a name that no public service can have.
func isLocalHost(host string) bool {
	if ip := net.ParseIP(host); ip != nil {
		return ip.IsLoopback() || ip.IsPrivate() || ip.IsUnspecified() || ip.IsLinkLocalUnicast()
	}
	host = strings.TrimSuffix(strings.ToLower(host), ".")
	i := strings.LastIndexByte(host, '.')
	reserved := []string{"localhost", "test", "example", "invalid", "local", "internal"}
	return i < 0 || slices.Contains(reserved, host[i+1:])
}

// modelInPath returns the model id in a path of Bedrock, /model/ID/operation.
func modelInPath(u *url.URL) string {
	rest, ok := strings.CutPrefix(u.EscapedPath(), "/model/")
	if !ok {
		return ""
	}
	id, _, _ := strings.Cut(rest, "/")
	if plain, err := url.PathUnescape(id); err == nil {
		id = plain
	}
	return neutralARNs(id)
}

// clientVersions returns the client, the service and the language in a
// User-Agent. It omits the operating system and everything else, which is
// private.
func clientVersions(userAgent string) []string {
	var versions []string
	for i, token := range strings.Fields(userAgent) {
		if i == 0 || strings.HasPrefix(token, "api/") || strings.HasPrefix(token, "lang/") {
			versions = append(versions, token)
		}
	}
	return versions
}
