package recordings

import (
	"net/url"
	"time"
)

// OriginOf is what a recorder makes of requests to the given addresses.
func OriginOf(said Origin, now time.Time, userAgent string, ownTransport bool, addresses ...string) (Origin, error) {
	var seen observation
	for _, address := range addresses {
		u, err := url.Parse(address)
		if err != nil {
			return Origin{}, err
		}
		seen.observe(u, userAgent, ownTransport)
	}
	return seen.origin(said, now)
}

// CanonicalNumber exports canonicalNumber.
var CanonicalNumber = canonicalNumber

// WriteFile writes a file as go-vcr would have it written for the given
// exchanges.
func WriteFile(dir string, data []byte, want []Exchange) error {
	w := &fileWriter{dir: dir, name: "c", origin: Origin{Kind: Local, Model: "m", Date: "2026-01-31"}, want: want}
	return w.WriteFile("c.yaml", data)
}

// ScanExchange looks for secrets in an exchange, as is done with all those of a
// cassette.
func ScanExchange(e Exchange, secrets ...string) error {
	s := newScanner(newDetector(secrets), "c.yaml")
	s.cassette(&Cassette{Exchanges: []Exchange{e}})
	return s.err()
}

// ScanWork returns how many bytes are looked at to scan a response body.
func ScanWork(body []byte) int {
	s := newScanner(newDetector(nil), "c.yaml")
	s.body("body", body)
	return s.looked
}
