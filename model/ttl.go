package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// formatTTL writes a lifetime the way providers do: "5m", not "5m0s".
// Zero is the empty string.
func formatTTL(d time.Duration) string {
	if d == 0 {
		return ""
	}
	s := d.String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}

// parseTTL is the reverse of formatTTL.
func parseTTL(s string) (time.Duration, error) {
	if s == "" {
		return 0, nil
	}
	d, err := time.ParseDuration(s)
	if err != nil {
		return 0, fmt.Errorf("ttl %q is not a duration such as \"5m\"", s)
	}
	return d, nil
}

// ttlJSON is the form of what says nothing but a lifetime.
type ttlJSON struct {
	TTL string `json:"ttl,omitempty"`
}

func marshalTTL(d time.Duration) ([]byte, error) { return json.Marshal(ttlJSON{formatTTL(d)}) }

// unmarshalTTL reads what marshalTTL writes, as the member cache of a request or
// of a tool.
func unmarshalTTL(data []byte) (time.Duration, error) {
	var v ttlJSON
	if err := json.Unmarshal(data, &v); err != nil {
		return 0, err // which names the member
	}
	d, err := parseTTL(v.TTL)
	if err != nil {
		return 0, fmt.Errorf("model: cache: %w", err)
	}
	return d, nil
}

// MarshalJSON writes the lifetime as in "5m" or "1h".
func (p CachePoint) MarshalJSON() ([]byte, error) { return marshalTTL(p.TTL) }

// UnmarshalJSON reads what MarshalJSON writes.
func (p *CachePoint) UnmarshalJSON(data []byte) (err error) {
	p.TTL, err = unmarshalTTL(data)
	return err
}

// MarshalJSON writes the lifetime as in "5m" or "1h".
func (c CacheConfig) MarshalJSON() ([]byte, error) { return marshalTTL(c.TTL) }

// UnmarshalJSON reads what MarshalJSON writes.
func (c *CacheConfig) UnmarshalJSON(data []byte) (err error) {
	c.TTL, err = unmarshalTTL(data)
	return err
}
