package local

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// stranger refuses requests that a page in a browser may have sent. The host is
// the name of the page's site if that name was pointed at this machine, and the
// origin names the site.
func (s *Server) stranger(r *http.Request) *problem {
	if s.options.Loopback && !thisMachine(r.Host) {
		return &problem{status: http.StatusForbidden, Field: "header Host", Message: "it should be localhost or an address of the loopback interface"}
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return nil
	}
	u, err := url.Parse(origin)
	if err != nil || u.Host == "" || !thisMachine(u.Host) && !strings.EqualFold(u.Host, r.Host) {
		return &problem{status: http.StatusForbidden, Field: "header Origin", Message: "pages of other sites must not call this server"}
	}
	return nil
}

// thisMachine reports whether a host, with a port or without, is a name or
// address of the loopback interface.
func thisMachine(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	host = strings.TrimSuffix(strings.ToLower(strings.Trim(host, "[]")), ".")
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
