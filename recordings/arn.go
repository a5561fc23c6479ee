package recordings

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// placeholderAccount stands for every AWS account id. It is the id that AWS
// uses in its own documentation.
const placeholderAccount = "123456789012"

const (
	accountRule   = "aws account id"
	principalRule = "aws user or role"
)

// Patterns for the parts of ARNs that identify an account, a user or a role.
// They also match ARNs whose colons and slashes are escaped as in a URL or in
// JSON. They are never modified.
var (
	arnAccount   = compiled(`(\barn(?::|%3[aA])aws[a-z-]*(?::|%3[aA])[a-zA-Z0-9-]*(?::|%3[aA])[a-zA-Z0-9-]*(?::|%3[aA]))([0-9]{12})\b`)
	arnPrincipal = compiled(`([0-9]{12}(?::|%3[aA])(?:assumed-role|federated-user|user))((?:(?:/|\\/|%2[fF])[A-Za-z0-9_+=,.@-]+)+)`)
	pathElement  = compiled(`(/|\\/|%2[fF])([A-Za-z0-9_+=,.@-]+)`)
	ownerMember  = compiled(`("bucketOwner\\*"\s*:\s*\\*")([0-9]{12})\b`)
)

// compiled returns a regular expression that is compiled on first use.
func compiled(pattern string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
}

// neutralARNs replaces the account ids in the ARNs of s, and the users and
// roles that these ARNs name.
func neutralARNs(s string) string {
	if !strings.Contains(s, "arn") {
		return s
	}
	s = arnAccount().ReplaceAllString(s, "${1}"+placeholderAccount)
	return arnPrincipal().ReplaceAllStringFunc(s, func(principal string) string {
		m := arnPrincipal().FindStringSubmatch(principal)
		return m[1] + pathElement().ReplaceAllString(m[2], "${1}"+scrubbed)
	})
}

// neutralOwners replaces the account ids of the owners of buckets.
func neutralOwners(s string) string {
	if !strings.Contains(s, "bucketOwner") {
		return s
	}
	return ownerMember().ReplaceAllString(s, "${1}"+placeholderAccount)
}

// identities returns the account ids, users, roles and sessions that the ARNs
// and the owners of buckets in a text name. It omits placeholders.
func identities(text []byte) []string {
	var found []string
	add := func(name []byte) {
		if n := string(name); n != placeholderAccount && n != scrubbed && !slices.Contains(found, n) {
			found = append(found, n)
		}
	}
	if bytes.Contains(text, []byte("bucketOwner")) {
		for _, m := range ownerMember().FindAllSubmatch(text, -1) {
			add(m[2])
		}
	}
	if !bytes.Contains(text, []byte("arn")) {
		return found
	}
	for _, m := range arnAccount().FindAllSubmatch(text, -1) {
		add(m[2])
	}
	for _, m := range arnPrincipal().FindAllSubmatch(text, -1) {
		for _, element := range pathElement().FindAllSubmatch(m[2], -1) {
			add(element[2])
		}
	}
	return found
}

// arnAccountShape matches an ARN with a real account id.
func arnAccountShape(text []byte, at, end int) (int, int) {
	if end == len(text) || text[end] != ':' && text[end] != '%' || !alnum.startsWord(text, at) {
		return 0, 0
	}
	m := arnAccount().FindSubmatchIndex(text[at:min(len(text), at+160)])
	if m == nil || m[0] != 0 || string(text[at+m[4]:at+m[5]]) == placeholderAccount {
		return 0, 0
	}
	return at, at + m[5]
}

// principalShape matches the name of a user or a role in an ARN. Its hint is
// the text between the account and the name.
func principalShape(text []byte, at, end int) (int, int) {
	from := max(0, at-12)
	m := arnPrincipal().FindSubmatchIndex(text[from:min(len(text), end+128)])
	if m == nil || m[0] != 0 {
		return 0, 0
	}
	for _, element := range pathElement().FindAllSubmatch(text[from+m[4]:from+m[5]], -1) {
		if string(element[2]) != scrubbed {
			return from, from + m[5]
		}
	}
	return 0, 0
}

// namedAccount matches an account id that is the value of a member such as
// accountId.
func namedAccount(text []byte, at, end int) (int, int) {
	i, ok := pastAssignment(text, end)
	if !ok || digits.run(text[i:], 13) != 12 || string(text[i:i+12]) == placeholderAccount {
		return 0, 0
	}
	return at, i + 12
}
