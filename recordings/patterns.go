package recordings

import "regexp"

// A pattern is the shape of a secret. Shapes catch what no list of values can:
// the key of somebody else, in a place where nobody looked for one.
type pattern struct {
	rule string
	expr *regexp.Regexp
}

// before keeps a pattern from matching inside a longer word. Base64url text is
// full of accidental "sk-", always in the middle of a word.
const before = `(?:^|[^A-Za-z0-9_+/=-])`

// after does the same for patterns of a fixed length.
const after = `(?:$|[^A-Za-z0-9_+/=-])`

// secretPatterns is never written.
var secretPatterns = []pattern{
	{"aws access key id", regexp.MustCompile(`(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?:$|[^A-Za-z0-9])`)},
	{"aws secret access key", regexp.MustCompile(`(?i)secret[a-z_\-. ]{0,24}["'\\]{0,3}\s{0,4}[:=]{1,2}\s{0,4}["'\\]{0,3}[A-Za-z0-9/+]{40}` + after)},
	{"aws signature", regexp.MustCompile(`AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)\s+Credential=|(?i:x-amz-(?:signature|security-token|credential)["']?\s*[=:])`)},
	{"bedrock api key", regexp.MustCompile(before + `(?:ABSK[A-Za-z0-9+/]{40,}|bedrock-api-key-[A-Za-z0-9+/=]{20,})`)},
	{"bearer token", regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/-]{20,}`)},
	{"sk- key", regexp.MustCompile(before + `sk-[A-Za-z0-9_-]{20,}`)},
	{"google api key", regexp.MustCompile(before + `(?:AIza[A-Za-z0-9_-]{35}|AQ\.[A-Za-z0-9_-]{30,})`)},
	{"slack token", regexp.MustCompile(before + `xox[abeoprs]-[A-Za-z0-9-]{10,}`)},
	{"github token", regexp.MustCompile(before + `(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})`)},
	{"json web token", regexp.MustCompile(before + `eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)},
	{"private key", regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----`)},
}

const accountRule = "aws account id"

// rulesBroken names the patterns that text matches, and nothing of the text.
func rulesBroken(text []byte) []string {
	var rules []string
	for _, p := range secretPatterns {
		if p.expr.Match(text) {
			rules = append(rules, p.rule)
		}
	}
	for _, m := range arnAccount.FindAllSubmatch(text, -1) {
		if string(m[2]) != placeholderAccount {
			rules = append(rules, accountRule)
			break
		}
	}
	return rules
}

// redact makes text fit to be shown: whatever looks like a secret is blanked.
func redact(text string) string {
	for _, p := range secretPatterns {
		text = p.expr.ReplaceAllString(text, " [redacted] ")
	}
	return neutralARNs(text)
}
