package recordings

import (
	"bytes"
	"slices"
	"strings"
)

// A pattern describes secrets of one kind. Patterns find secrets that no list
// of values can contain: the key of somebody else, in an unexpected place.
// Their table is in patterns.go.
type pattern struct {
	rule  string
	hints []string // every match contains one of them, in upper or lower case
	match finder
}

// A finder returns the place of the secret whose hint is text[at:end], or
// zeros. It looks only at a bounded part of the text, so that the time of a
// search is proportional to the text.
type finder func(text []byte, at, end int) (from, to int)

// A charset is a set of bytes.
type charset [256]bool

// charsetOf returns the set of the given bytes and of ranges such as a-z.
func charsetOf(spec string) *charset {
	var s charset
	for i := 0; i < len(spec); i++ {
		if i+2 < len(spec) && spec[i+1] == '-' {
			for c := int(spec[i]); c <= int(spec[i+2]); c++ {
				s[c] = true
			}
			i += 2
			continue
		}
		s[spec[i]] = true
	}
	return &s
}

// Sets of bytes; they are never modified.
var (
	alnum    = charsetOf("A-Za-z0-9")
	wordly   = charsetOf("A-Za-z0-9_-")
	base64ly = charsetOf("A-Za-z0-9+/=_-")
	hexly    = charsetOf("0-9a-fA-F")
	dotted   = charsetOf("A-Za-z0-9_.-")
	tokenly  = charsetOf("A-Za-z0-9._~+/-")
	upper32  = charsetOf("A-Z2-7")
	lower32  = charsetOf("a-z2-7")
	letters  = charsetOf("A-Za-z")
	digits   = charsetOf("0-9")
	hex16    = charsetOf("0-9a-f")
	blanks   = charsetOf(" \t")
	spaces   = charsetOf(" \t\r\n")
	quotes   = charsetOf(`"'\`)
	assigns  = charsetOf(":=>")
	nameRest = charsetOf("A-Za-z_. -")
	plain64  = charsetOf("A-Za-z0-9/+")
	inQuery  = charsetOf("A-Za-z0-9%._~+/=:-")
	pemKind  = charsetOf("A-Z0-9 ")
)

// run returns the number of bytes at the start of b that are in the set, up to
// limit.
func (s *charset) run(b []byte, limit int) int {
	n := 0
	for n < len(b) && n < limit && s[b[n]] {
		n++
	}
	return n
}

// startsWord reports whether the byte before text[at] is not in the set.
func (s *charset) startsWord(text []byte, at int) bool { return at == 0 || !s[text[at-1]] }

// key matches most keys: a prefix, spelt exactly, at the start of a word,
// followed by least to most bytes of a set. If most is 0, there is no limit. A
// key with a limit must end there.
func key(prefix string, set *charset, least, most int) finder {
	return func(text []byte, at, end int) (int, int) {
		if !wordly.startsWord(text, at) || string(text[at:end]) != prefix {
			return 0, 0
		}
		n := set.run(text[end:], max(least, most)+1)
		if n < least || most > 0 && n > most {
			return 0, 0
		}
		if most > 0 && end+n < len(text) && base64ly[text[end+n]] {
			return 0, 0 // the start of a longer text, which is not a key
		}
		return at, end + n
	}
}

// anyCase is key with a prefix in upper or lower case.
func anyCase(set *charset, least, most int) finder {
	return func(text []byte, at, end int) (int, int) {
		return key(string(text[at:end]), set, least, most)(text, at, end)
	}
}

// hinted is a finder whose hint also contains the first n bytes after the
// prefix.
func hinted(n int, find finder) finder {
	return func(text []byte, at, end int) (int, int) { return find(text, at, end-n) }
}

// exactly matches a fixed text, spelt as in the hint.
func exactly(word string) finder {
	return func(text []byte, at, end int) (int, int) {
		if string(text[at:end]) != word {
			return 0, 0
		}
		return at, end
	}
}

// afterSpace matches a scheme of an Authorization header, in upper or lower
// case, and the credentials after it.
func afterSpace(set *charset, least int, fits func([]byte) bool) finder {
	return func(text []byte, at, end int) (int, int) {
		skip := blanks.run(text[end:], 4)
		from := end + skip
		n := set.run(text[from:], 4096)
		if skip == 0 || n < least || !alnum.startsWord(text, at) || !fits(text[from:from+n]) {
			return 0, 0
		}
		return at, from + n
	}
}

func anything([]byte) bool { return true }

// isBasic reports whether the credentials of a Basic scheme are a user and a
// password.
func isBasic(token []byte) bool {
	plain := appendBase64(nil, token)
	return bytes.IndexByte(plain, ':') > 0 && !bytes.ContainsFunc(plain, isControl)
}

// jsonWebToken matches two base64 texts of JSON and a signature.
func jsonWebToken(text []byte, at, end int) (int, int) {
	const most = 4096
	if !wordly.startsWord(text, at) || string(text[at:end]) != "eyJ" {
		return 0, 0
	}
	head := wordly.run(text[end:], most)
	rest := text[end+head:]
	if head < 8 || !bytes.HasPrefix(rest, []byte(".eyJ")) {
		return 0, 0
	}
	claims := wordly.run(rest[4:], most)
	if claims < 8 || len(rest) <= 4+claims || rest[4+claims] != '.' {
		return 0, 0
	}
	n := 4 + claims + 1
	return at, end + head + n + wordly.run(rest[n:], most)
}

// secretAccessKey matches 40 bytes after a name with "secret" in it.
func secretAccessKey(text []byte, at, end int) (int, int) {
	i := end + nameRest.run(text[end:], 24)
	i, ok := pastAssignment(text, i)
	if !ok || plain64.run(text[i:], 41) != 40 || i+40 < len(text) && base64ly[text[i+40]] {
		return 0, 0
	}
	return at, i + 40
}

// pastAssignment returns the start of the value that is assigned to the name
// that ends at text[i]. The value may be quoted, at any depth of JSON in JSON.
func pastAssignment(text []byte, i int) (int, bool) {
	i += quotes.run(text[i:], 8)
	i += spaces.run(text[i:], 8)
	n := assigns.run(text[i:], 2)
	i += n
	i += spaces.run(text[i:], 8)
	i += quotes.run(text[i:], 8)
	return i, n > 0
}

// secretNames are the names of members whose string is a secret, in lower case
// and without underscores and hyphens.
var secretNames = []string{
	"apikey", "password", "passwd", "passphrase", "token", "secret", "clientsecret", "secretkey", "privatekey", "accesskey", "apitoken", "apisecret",
	"accesstoken", "refreshtoken", "idtoken", "authtoken", "sessiontoken", "bearertoken", "secretaccesskey", "credential", "authorization", "connectionstring",
	"dbpassword", "userpassword", "webhooksecret", "signingsecret", "signingkey", "encryptionkey", "masterkey", "xapikey", "appsecret", "consumersecret",
}

// secretEndings are endings that make any name one of a secret. The part before
// the ending usually says whose it is.
var secretEndings = []string{"apikey", "secretkey", "accesskey", "privatekey", "apitoken", "accesstoken", "authtoken", "apisecret", "clientsecret"}

// namedSecret matches a JSON member with the name of a secret.
func namedSecret(text []byte, at, end int) (int, int) {
	const longest = 40
	from, to := at, end
	for from > 0 && at-from < longest && wordly[text[from-1]] {
		from--
	}
	to += wordly.run(text[to:], longest)
	if from == 0 || to == len(text) || !isQuote(text[from-1]) || !isQuote(text[to]) && text[to] != '\\' {
		return 0, 0
	}
	name := strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(string(text[from:to])))
	if !slices.Contains(secretNames, name) && !slices.ContainsFunc(secretEndings, func(e string) bool { return strings.HasSuffix(name, e) }) {
		return 0, 0
	}
	quoted, ok := pastAssignment(text, to)
	if !ok || quoted == to || !isQuote(text[quoted-1]) {
		return 0, 0
	}
	n := 0
	for quoted+n < len(text) && n < 256 && text[quoted+n] > ' ' && text[quoted+n] != '\\' && !isQuote(text[quoted+n]) {
		n++
	}
	if !looksSecret(name, text[quoted:quoted+n]) {
		return 0, 0
	}
	return from, quoted + n
}

func isQuote(c byte) bool { return c == '"' || c == '\'' }

// looksSecret distinguishes a value from a placeholder in documentation, and
// from an answer about tokens of a language.
func looksSecret(name string, value []byte) bool {
	switch {
	case len(value) < 8 || bytes.HasPrefix(value, []byte(scrubbed)) || bytes.IndexByte([]byte("<${[(*"), value[0]) >= 0:
		return false
	case bytes.Count(value, value[:1]) == len(value): // xxxxxxxx
		return false
	case strings.HasSuffix(name, "token") || name == "authorization" || name == "credential":
		return bytes.ContainsAny(value, "0123456789")
	}
	return true
}

// secretAssignment matches the value of a variable with the name of a secret,
// such as MISTRAL_API_KEY=… in a script or a file.
func secretAssignment(text []byte, at, end int) (int, int) {
	from := at
	for from > 0 && at-from < 60 && upperName[text[from-1]] {
		from--
	}
	if from == at || upperName.run(text[at:end-1], 20) != end-1-at {
		return 0, 0
	}
	if end < len(text) && isQuote(text[end]) {
		end++
	}
	n := variably.run(text[end:], 256)
	if n < 12 || !looksSecret("token", text[end:end+n]) {
		return 0, 0
	}
	return from, end + n
}

// cookiePair matches the first cookie of a header that was copied to a text.
func cookiePair(text []byte, at, end int) (int, int) {
	for end < len(text) && text[end] == ' ' {
		end++
	}
	name := wordly.run(text[end:], 64)
	from := end + name + 1
	if name == 0 || from >= len(text) || text[from-1] != '=' {
		return 0, 0
	}
	n := variably.run(text[from:], 256)
	if n < 16 || !looksSecret("token", text[from:from+n]) {
		return 0, 0
	}
	return at, from + n
}

var (
	upperName = charsetOf("A-Z0-9_")
	variably  = charsetOf("A-Za-z0-9+/=_.~%-")
)

// queryNames are the parameters of URLs whose values are secrets.
var queryNames = []string{
	"token", "access_token", "id_token", "refresh_token", "auth_token", "auth", "key", "api_key", "apikey", "api-key", "password", "passwd", "pwd",
	"secret", "client_secret", "sig", "signature", "code", "sas", "session", "sessionid", "jwt", "x-goog-signature",
}

// secretParameter matches the value of a parameter in queryNames.
func secretParameter(text []byte, at, end int) (int, int) {
	from, to := at, end
	for from > 0 && at-from < 32 && wordly[text[from-1]] {
		from--
	}
	if from == 0 || to >= len(text) || text[to] != '=' || text[from-1] != '?' && text[from-1] != '&' && text[from-1] != ';' {
		return 0, 0
	}
	if !slices.Contains(queryNames, strings.ToLower(string(text[from:to]))) {
		return 0, 0
	}
	value := text[to+1:]
	n := inQuery.run(value, 4096)
	if n < 8 || bytes.HasPrefix(value, []byte(scrubbed)) || !bytes.ContainsAny(value[:n], "0123456789%") {
		return 0, 0
	}
	return from, to + 1 + n
}

// userInfo matches the user and the password in a URL.
func userInfo(text []byte, at, end int) (int, int) {
	if at == 0 || !alnum[text[at-1]] {
		return 0, 0
	}
	colon := 0
	for i := end; i < len(text) && i-end < 512; i++ {
		switch c := text[i]; {
		case c == ':' && colon == 0:
			colon = i
		case c == '@' && colon > end-1 && i-colon > 3 && !bytes.HasPrefix(text[colon+1:], []byte(scrubbed)):
			return at, i
		case c <= ' ' || c == '/' || c == '"' || c == '\'' || c == '<' || c == '>' || c == '\\' || c == '@' || c == '?' || c == '#':
			return 0, 0
		}
	}
	return 0, 0
}

// value matches the text after a name such as "AccountKey=".
func value(set *charset, least int) finder {
	return func(text []byte, at, end int) (int, int) {
		n := set.run(text[end:], least+4096)
		if n < least {
			return 0, 0
		}
		return at, end + n
	}
}

// botToken matches the token of a Telegram bot by the text in its middle,
// ":AA".
func botToken(text []byte, at, end int) (int, int) {
	from := at
	for from > 0 && at-from < 11 && digits[text[from-1]] {
		from--
	}
	n := wordly.run(text[end:], 34)
	if at-from < 8 || at-from > 10 || n != 33 || !alnum.startsWord(text, from) || string(text[at:end]) != ":AA" {
		return 0, 0
	}
	return from, end + n
}

// privateKey matches the first line of a PEM block with a private key.
func privateKey(text []byte, at, end int) (int, int) {
	const begin = "-----BEGIN "
	start := max(0, at-64)
	i := bytes.LastIndex(text[start:at], []byte(begin))
	if i < 0 || string(text[at:end]) != "PRIVATE KEY" {
		return 0, 0
	}
	if kind := text[start+i+len(begin) : at]; pemKind.run(kind, 64) != len(kind) {
		return 0, 0
	}
	rest := bytes.TrimPrefix(text[end:], []byte(" BLOCK"))
	if !bytes.HasPrefix(rest, []byte("-----")) {
		return 0, 0
	}
	return start + i, end
}

// signature matches the signature that SigV4 puts into headers and URLs.
func signature(text []byte, at, end int) (int, int) {
	word := string(text[at:end])
	if strings.HasPrefix(word, "AWS4-") {
		n := blanks.run(text[end:], 8)
		if n == 0 || !bytes.HasPrefix(text[end+n:], []byte("Credential=")) {
			return 0, 0
		}
		return at, end + n + len("Credential=")
	}
	i := end
	if i < len(text) && isQuote(text[i]) {
		i++
	}
	i += blanks.run(text[i:], 8)
	if strings.HasPrefix(word, "AWS4-") || i == len(text) || text[i] != '=' && text[i] != ':' {
		return 0, 0
	}
	return at, i + 1
}
