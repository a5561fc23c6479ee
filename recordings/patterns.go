package recordings

import (
	"bytes"
	"regexp"
	"slices"
)

// A pattern is the shape of a secret. Shapes catch what no list of values can:
// the key of somebody else, in a place where nobody looked for one.
type pattern struct {
	rule  string
	hints []string // one of them, in any case, is in every match; far faster to look for
	expr  *regexp.Regexp
}

func (p pattern) matches(text, lower []byte) bool {
	return slices.ContainsFunc(p.hints, func(hint string) bool { return bytes.Contains(lower, []byte(hint)) }) && p.expr.Match(text)
}

// before keeps a pattern from matching inside a longer word. Base64url text is
// full of accidental "sk-", always in the middle of a word.
const before = `(?:^|[^A-Za-z0-9_-])`

// after keeps a pattern of a fixed length from matching the start of a longer
// base64 text.
const after = `(?:$|[^A-Za-z0-9_+/=-])`

// secretPatterns is never written.
var secretPatterns = []pattern{
	{"aws access key id", []string{"akia", "asia", "abia", "acca"}, regexp.MustCompile(`(?:^|[^A-Za-z0-9])(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?:$|[^A-Za-z0-9])`)},
	{"aws secret access key", []string{"secret"}, regexp.MustCompile(`(?i)secret[a-z_\-. ]{0,24}["'\\]{0,3}\s{0,4}[:=]{1,2}\s{0,4}["'\\]{0,3}[A-Za-z0-9/+]{40}` + after)},
	{"aws signature", []string{"aws4-", "x-amz-"}, regexp.MustCompile(`AWS4-(?:HMAC-SHA256|ECDSA-P256-SHA256)\s+Credential=|(?i:x-amz-(?:signature|security-token|credential)["']?\s*[=:])`)},
	{"bedrock api key", []string{"absk", "bedrock-api-key-"}, regexp.MustCompile(before + `(?:ABSK[A-Za-z0-9+/]{40,}|bedrock-api-key-[A-Za-z0-9+/=]{20,})`)},
	{"bearer token", []string{"bearer"}, regexp.MustCompile(`(?i)\bbearer\s+[A-Za-z0-9._~+/-]{20,}`)},
	{"sk- key", []string{"sk-"}, regexp.MustCompile(before + `sk-[A-Za-z0-9_-]{20,}`)},
	{"google api key", []string{"aiza", "aq."}, regexp.MustCompile(before + `(?:AIza[A-Za-z0-9_-]{35}|AQ\.[A-Za-z0-9_-]{30,})`)},
	{"slack token", []string{"xox"}, regexp.MustCompile(before + `xox[abeoprs]-[A-Za-z0-9-]{10,}`)},
	{"github token", []string{"ghp_", "gho_", "ghs_", "ghu_", "ghr_", "github_pat_"}, regexp.MustCompile(before + `(?:gh[opsur]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{22,})`)},
	{"json web token", []string{"eyj"}, regexp.MustCompile(before + `eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*`)},
	{"private key", []string{"private key"}, regexp.MustCompile(`-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-----`)},
}

const accountRule = "aws account id"

// rulesBroken names the patterns that text matches, and nothing of the text.
func rulesBroken(text []byte) []string {
	var rules []string
	lower := bytes.ToLower(text)
	for _, p := range secretPatterns {
		if p.matches(text, lower) {
			rules = append(rules, p.rule)
		}
	}
	if !bytes.Contains(lower, []byte("arn")) {
		return rules
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
