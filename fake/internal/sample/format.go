package sample

import (
	"encoding/base64"
	"fmt"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

// A format is a form of strings. Formats that are not in the table are
// annotations to people and bind nobody.
type format struct {
	// example returns the example i, with n more characters than it needs
	// where the format can be lengthened.
	example func(i, n int) string
	valid   func(string) bool
}

// formatVariants is how many examples of a format there are: items that must
// differ take no more.
const formatVariants = 100

// propose yields examples: plain ones, or lengthened to at least the given
// number of characters.
func (f format) propose(least int, yield func(string) bool) bool {
	for i := range formatVariants {
		s := f.example(i, 0)
		if short := least - len(s); short > 0 {
			s = f.example(i, short)
		}
		if !yield(s) {
			return false
		}
	}
	return true
}

var day = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)

func dated(layout string) func(i, n int) string {
	return func(i, n int) string { return day.AddDate(0, 0, i).Format(layout) }
}

func parses(layout string) func(string) bool {
	return func(s string) bool {
		_, err := time.Parse(layout, s)
		return err == nil
	}
}

func matches(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile("^(?:" + pattern + ")$") })
	return func(s string) bool { return compiled().MatchString(s) }
}

func address(is func(netip.Addr) bool) func(string) bool {
	return func(s string) bool {
		a, err := netip.ParseAddr(s)
		return err == nil && a.Zone() == "" && is(a)
	}
}

var formats = map[string]format{
	"date":      {dated("2006-01-02"), parses("2006-01-02")},
	"date-time": {dated("2006-01-02T15:04:05Z"), parses(time.RFC3339)},
	"time": {
		func(i, n int) string { return day.Add(time.Duration(i) * time.Second).Format("15:04:05Z") },
		parses("15:04:05Z07:00"),
	},
	"duration": {
		func(i, n int) string { return fmt.Sprintf("P%dD", i+1) },
		matches(`P(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?)`),
	},
	"email":         {email, isEmail},
	"idn-email":     {email, isEmail},
	"hostname":      {hostname, isHostname},
	"idn-hostname":  {hostname, isHostname},
	"uri":           {uri, isURI},
	"iri":           {uri, isURI},
	"uri-reference": {uri, isReference},
	"iri-reference": {uri, isReference},
	"uuid": {
		func(i, n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012x", i) },
		matches(`[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}`),
	},
	"ipv4": {func(i, n int) string { return fmt.Sprintf("192.0.2.%d", i+1) }, address(netip.Addr.Is4)},
	"ipv6": {func(i, n int) string { return fmt.Sprintf("2001:db8::%x", i+1) }, address(netip.Addr.Is6)},
	"base64": { // by contentEncoding
		func(i, n int) string { return base64.StdEncoding.EncodeToString([]byte(pad(word(i), n))) },
		func(s string) bool { _, err := base64.StdEncoding.DecodeString(s); return err == nil },
	},
	"json-pointer": {func(i, n int) string { return "/" + pad(word(i), n) }, matches(`(/([^~/]|~0|~1)*)*`)},
	"regex": {
		func(i, n int) string { return pad(word(i), n+1) },
		func(s string) bool { _, err := regexp.Compile(s); return err == nil },
	},
}

func email(i, n int) string { return hostname(i, n) + "@example.com" }

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

func hostname(i, n int) string {
	s := word(i)
	if n == 0 {
		return s + ".example"
	}
	for ; n > 0; n -= 64 {
		s += "." + strings.Repeat("a", min(max(n-1, 1), 63))
	}
	return s + ".example"
}

var hostnameForm = matches(`[0-9A-Za-z]([-0-9A-Za-z]{0,61}[0-9A-Za-z])?(\.[0-9A-Za-z]([-0-9A-Za-z]{0,61}[0-9A-Za-z])?)*`)

func isHostname(s string) bool { return len(s) <= 253 && hostnameForm(s) }

func uri(i, n int) string { return "https://example.com/" + pad(word(i), n+1) }

func isURI(s string) bool {
	u, err := url.Parse(s)
	return err == nil && u.IsAbs() && !strings.ContainsAny(s, " \\\"<>^`{|}")
}

func isReference(s string) bool {
	_, err := url.Parse(s)
	return err == nil && !strings.ContainsAny(s, " \\\"<>^`{|}")
}
