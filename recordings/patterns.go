package recordings

import (
	"bytes"
	"slices"
	"sync"
)

// secretPatterns returns the patterns of all secrets. The slice is shared and must
// not be modified. Hints are in lower case. They have at least three bytes, since
// a shorter one would slow down every search; see trie.
var secretPatterns = sync.OnceValue(func() []pattern {
	return []pattern{
		// Amazon Web Services
		{"aws access key id", []string{"akia", "asia", "abia", "acca"}, accessKeyID},
		{"aws secret access key", []string{"secret"}, secretAccessKey},
		{"aws session token", []string{"iqojb3jpz2lu", "fwogzxivyxdz", "fqogzxivyxdz", "aqoeb3jpz2lu"}, anyCase(charsetOf("A-Za-z0-9+/=_%-"), 24, 0)},
		{"aws signature", []string{"aws4-hmac-sha256", "aws4-ecdsa-p256-sha256", "x-amz-signature", "x-amz-security-token", "x-amz-credential"}, signature},
		{"aws marketplace token", []string{"amzn.mws."}, key("amzn.mws.", wordly, 36, 0)},
		{"bedrock api key", []string{"absk"}, key("ABSK", charsetOf("A-Za-z0-9+/="), 40, 0)},
		{"bedrock api key", []string{"bedrock-api-key-"}, key("bedrock-api-key-", charsetOf("A-Za-z0-9+/="), 20, 0)},
		{accountRule, []string{"arn"}, arnAccountShape},
		{accountRule, []string{"bucketowner", "accountid", "account_id", "account-id"}, namedAccount},
		{principalRule, []string{"aroa", "aida"}, accessKeyID},
		{principalRule, []string{":assumed-role/", ":federated-user/", ":user/", "%3aassumed-role", "%3auser"}, principalShape},

		// Credentials of any service, as they are sent or stored
		{"bearer token", []string{"bearer"}, afterSpace(tokenly, 20, anything)},
		{"basic credentials", []string{"basic"}, afterSpace(charsetOf("A-Za-z0-9+/=_-"), 8, isBasic)},
		{"url with password", []string{"://"}, userInfo},
		{"secret in a query", []string{"token", "auth", "key", "password", "passwd", "pwd", "secret", "sig", "signature", "code", "sas", "session", "sessionid", "jwt"}, secretParameter},
		{"member named as a secret", []string{"apikey", "api_key", "api-key", "password", "passwd", "passphrase", "token", "secret", "private_key", "privatekey", "private-key", "access_key", "accesskey", "credential", "authorization", "connectionstring", "connection_string", "signing_key", "signingkey", "encryption_key", "encryptionkey", "master_key", "masterkey"}, namedSecret},
		{"passphrase", []string{"password", "passphrase", "passwd", "pass phrase", "seed phrase", "recovery phrase", "mnemonic"}, passPhrase},
		{"environment variable", []string{"_key=", "_token=", "_secret=", "_password=", "_passwd=", "_credential="}, secretAssignment},
		{"cookie", []string{"cookie:"}, cookiePair},
		{"json web token", []string{"eyj"}, jsonWebToken},
		{"private key", []string{"private key"}, privateKey},
		{"private key", []string{"putty-user-key-file-"}, exactly("PuTTY-User-Key-File-")},
		{"private key", []string{"age-secret-key-1"}, key("AGE-SECRET-KEY-1", alnum, 40, 0)},

		// Model providers, and services used with them
		{"sk- key", []string{"sk-"}, key("sk-", wordly, 20, 0)},
		{"google api key", []string{"aiza"}, key("AIza", wordly, 35, 35)},
		{"google api key", []string{"aq."}, key("AQ.", wordly, 30, 0)},
		{"google oauth token", []string{"ya29."}, key("ya29.", dotted, 20, 0)},
		{"google oauth token", []string{"gocspx-"}, key("GOCSPX-", wordly, 20, 0)},
		{"hugging face token", []string{"hf_"}, key("hf_", alnum, 30, 0)},
		{"hugging face token", []string{"api_org_"}, key("api_org_", alnum, 30, 0)},
		{"groq key", []string{"gsk_"}, key("gsk_", alnum, 40, 0)},
		{"xai key", []string{"xai-"}, key("xai-", alnum, 40, 0)},
		{"perplexity key", []string{"pplx-"}, key("pplx-", alnum, 32, 0)},
		{"replicate token", []string{"r8_"}, key("r8_", alnum, 37, 0)},
		{"langsmith key", []string{"lsv2_"}, key("lsv2_", wordly, 30, 0)},
		{"pinecone key", []string{"pcsk_"}, key("pcsk_", wordly, 30, 0)},
		{"tavily key", []string{"tvly-"}, key("tvly-", wordly, 20, 0)},
		{"together key", []string{"tgp_v1_"}, key("tgp_v1_", wordly, 30, 0)},
		{"nvidia key", []string{"nvapi-"}, key("nvapi-", wordly, 40, 0)},
		{"fireworks key", []string{"fw_"}, key("fw_", alnum, 20, 0)},
		{"databricks token", []string{"dapi"}, key("dapi", hexly, 32, 34)},

		// Code hosts and package registries
		{"github token", []string{"ghp_"}, key("ghp_", alnum, 36, 0)},
		{"github token", []string{"gho_"}, key("gho_", alnum, 36, 0)},
		{"github token", []string{"ghs_"}, key("ghs_", alnum, 36, 0)},
		{"github token", []string{"ghu_"}, key("ghu_", alnum, 36, 0)},
		{"github token", []string{"ghr_"}, key("ghr_", alnum, 36, 0)},
		{"github token", []string{"github_pat_"}, key("github_pat_", wordly, 22, 0)},
		{"gitlab token", []string{"glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glsoat-"}, anyCase(dotted, 20, 0)},
		{"npm token", []string{"npm_"}, key("npm_", alnum, 36, 0)},
		{"pypi token", []string{"pypi-"}, key("pypi-", wordly, 50, 0)},
		{"rubygems key", []string{"rubygems_"}, key("rubygems_", hexly, 48, 0)},
		{"docker token", []string{"dckr_pat_"}, key("dckr_pat_", wordly, 20, 0)},
		{"docker token", []string{"dckr_oat_"}, key("dckr_oat_", wordly, 20, 0)},

		// Other services
		{"slack token", []string{"xoxa-", "xoxb-", "xoxe-", "xoxo-", "xoxp-", "xoxr-", "xoxs-"}, anyCase(charsetOf("A-Za-z0-9-"), 10, 0)},
		{"slack token", []string{"xapp-"}, key("xapp-", wordly, 20, 0)},
		{"webhook", []string{"hooks.slack.com/services/"}, value(charsetOf("A-Za-z0-9/"), 20)},
		{"webhook", []string{"discord.com/api/webhooks/", "discordapp.com/api/webhooks/"}, value(charsetOf("A-Za-z0-9/_-"), 40)},
		{"stripe key", []string{"sk_live_", "sk_test_", "rk_live_", "rk_test_"}, anyCase(alnum, 16, 0)},
		{"stripe key", []string{"whsec_"}, key("whsec_", charsetOf("A-Za-z0-9+/="), 24, 0)},
		{"azure key", []string{"accountkey=", "sharedaccesskey="}, value(charsetOf("A-Za-z0-9+/="), 40)},
		{"sendgrid key", []string{"sg."}, key("SG.", dotted, 50, 0)},
		{"twilio key", []string{"sk0", "sk1", "sk2", "sk3", "sk4", "sk5", "sk6", "sk7", "sk8", "sk9", "ska", "skb", "skc", "skd", "ske", "skf"}, hinted(1, key("SK", hex16, 32, 32))},
		{"digitalocean token", []string{"dop_v1_", "doo_v1_", "dor_v1_"}, anyCase(hexly, 64, 0)},
		{"telegram bot token", []string{":aa"}, botToken},
		{"figma token", []string{"figd_"}, key("figd_", wordly, 30, 0)},
		{"mailgun key", []string{"key-"}, key("key-", charsetOf("0-9a-f"), 32, 32)},
		{"linear key", []string{"lin_api_"}, key("lin_api_", alnum, 40, 0)},
		{"notion token", []string{"ntn_"}, key("ntn_", alnum, 40, 0)},
		{"postman key", []string{"pmak-"}, key("PMAK-", charsetOf("0-9a-f-"), 50, 0)},
		{"shopify token", []string{"shpat_", "shpss_", "shpca_", "shppa_"}, anyCase(hexly, 32, 0)},
		{"vault token", []string{"hvs.", "hvb."}, anyCase(wordly, 24, 0)},
		{"atlassian token", []string{"atatt3"}, key("ATATT3", charsetOf("A-Za-z0-9_=-"), 60, 0)},
		{"new relic key", []string{"nrak-"}, key("NRAK-", alnum, 27, 0)},
		{"grafana token", []string{"glsa_"}, key("glsa_", wordly, 32, 0)},
		{"sentry token", []string{"sntrys_"}, key("sntrys_", charsetOf("A-Za-z0-9+/=_"), 40, 0)},
		{"supabase token", []string{"sbp_"}, key("sbp_", hexly, 40, 0)},
		{"planetscale token", []string{"pscale_tkn_", "pscale_pw_"}, anyCase(dotted, 32, 0)},
		{"doppler token", []string{"dp.pt.", "dp.st."}, anyCase(dotted, 40, 0)},
		{"alibaba access key id", []string{"ltai"}, key("LTAI", alnum, 16, 20)},
		{"square token", []string{"sq0csp-", "sq0atp-"}, anyCase(wordly, 22, 0)},
		{"mailchimp key", []string{"-us"}, mailchimpKey},
		{"netrc entry", []string{"machine "}, netrcEntry},
	}
})

// accessKeyID matches the id of an AWS key: the hint in upper case and 16 more
// characters. Any bytes but letters and digits may stand around it, as they do in
// a URL or a signature.
func accessKeyID(text []byte, at, end int) (int, int) {
	for i := at; i < end; i++ {
		if !upper32[text[i]] {
			return 0, 0
		}
	}
	if !alnum.startsWord(text, at) || upper32.run(text[end:], 17) != 16 || end+16 < len(text) && alnum[text[end+16]] {
		return 0, 0
	}
	return at, end + 16
}

// mailchimpKey matches 32 hexadecimal digits and the name of a data center, such
// as "-us21".
func mailchimpKey(text []byte, at, end int) (int, int) {
	from := at
	for from > 0 && at-from < 33 && hex16[text[from-1]] {
		from--
	}
	n := digits.run(text[end:], 3)
	if at-from != 32 || !alnum.startsWord(text, from) || n == 0 || n > 2 {
		return 0, 0
	}
	return from, end + n
}

// netrcEntry matches the "machine" of an entry in a .netrc file that has a login
// and a password.
func netrcEntry(text []byte, at, end int) (int, int) {
	words := bytes.Fields(text[end:min(len(text), end+512)])
	words = words[:min(len(words), 6)]
	for i, w := range words {
		if string(w) == "password" && i+1 < len(words) && len(words[i+1]) >= 4 && string(words[i+1]) != scrubbed && i >= 3 && string(words[1]) == "login" {
			return at, end
		}
	}
	return 0, 0
}

const (
	leastPhrase = 4  // words in the shortest phrase; fewer are taken for a remark
	mostPhrase  = 24 // words in the longest recovery phrase of a wallet
)

// passPhrase matches a password that consists of words. They follow a name that
// says so, and none of them is common in sentences about passwords.
func passPhrase(text []byte, at, end int) (int, int) {
	i, ok := pastAssignment(text, end)
	if !ok {
		return 0, 0
	}
	to := i
	for words := 1; words <= mostPhrase; words++ {
		n := letters.run(text[i:], 13)
		if n < 3 || n > 12 || isPlainWord(text[i:i+n]) {
			break
		}
		to = i + n
		if words >= leastPhrase {
			ok = false
		}
		if to == len(text) || text[to] != ' ' {
			break
		}
		i = to + 1
	}
	if ok { // too few
		return 0, 0
	}
	return at, to
}

// isPlainWord reports whether word is common in sentences that describe a
// password, in any case.
func isPlainWord(word []byte) bool {
	_, found := slices.BinarySearchFunc(plainWords, bytes.ToLower(word), func(w string, word []byte) int {
		return bytes.Compare([]byte(w), word)
	})
	return found
}

// plainWords is sorted, and must not be modified. It needs no words of one or two
// letters, since these end a phrase anyway.
var plainWords = []string{
	"about", "above", "accepted", "access", "account", "active", "actual", "added", "admin", "after", "again", "against", "all", "allow", "allowed",
	"alphanumeric", "already", "also", "always", "and", "another", "any", "application", "are", "array", "attempt", "attempts", "auth",
	"authentication", "automatically", "available", "back", "base", "based", "because", "been", "before", "being", "below", "best", "between", "blank",
	"boolean", "both", "bytes", "can", "cannot", "case", "change", "changed", "changes", "changing", "char", "character", "characters", "chars",
	"check", "choose", "client", "code", "combination", "common", "comparison", "compromised", "config", "configuration", "configured", "confirm",
	"confirmation", "confirmed", "contain", "containing", "contains", "copied", "could", "create", "created", "creation", "current", "custom", "data",
	"database", "default", "denied", "description", "did", "different", "digit", "digits", "disabled", "does", "done", "each", "eight", "either",
	"email", "empty", "enable", "enabled", "encoded", "encrypted", "encryption", "enter", "entered", "env", "environment", "error", "even", "every",
	"example", "exceeded", "existing", "expire", "expired", "expires", "expiry", "failed", "failure", "false", "field", "file", "first", "float", "for",
	"forgot", "forgotten", "form", "format", "found", "from", "function", "generate", "generated", "generation", "get", "give", "given", "goes", "has",
	"hash", "hashed", "hashing", "have", "her", "here", "hidden", "him", "hint", "his", "history", "how", "http", "https", "ignored", "include",
	"included", "includes", "including", "incorrect", "info", "input", "int", "integer", "invalid", "its", "just", "keep", "kept", "key", "known",
	"last", "later", "least", "leave", "length", "less", "letter", "letters", "like", "limit", "link", "list", "locked", "log", "logged", "login",
	"long", "longer", "lower", "lowercase", "manager", "masked", "match", "matches", "matching", "max", "maximum", "may", "method", "min", "minimum",
	"minlength", "mismatch", "missing", "mixed", "more", "most", "must", "name", "need", "needed", "needs", "never", "new", "next", "nil", "nine",
	"none", "not", "note", "null", "number", "numbers", "numeric", "object", "off", "old", "one", "only", "optional", "other", "our", "out", "over",
	"page", "pair", "param", "parameter", "parameters", "passed", "passphrase", "password", "passwords", "please", "policy", "possible", "present",
	"prompt", "property", "protected", "protection", "provide", "provided", "punctuation", "random", "read", "rejected", "remember", "removed",
	"repeat", "replace", "request", "requested", "required", "requirement", "requirements", "requires", "reset", "resets", "response", "return",
	"returns", "reuse", "reused", "right", "rotated", "rotation", "rule", "rules", "salt", "salted", "same", "sample", "saved", "schema", "secret",
	"secrets", "secure", "see", "sent", "server", "session", "set", "seven", "shall", "she", "short", "should", "show", "shown", "six", "some",
	"special", "specified", "state", "stay", "still", "store", "stored", "string", "strong", "such", "supplied", "support", "supported", "symbol",
	"symbols", "temporary", "ten", "text", "than", "that", "the", "their", "them", "then", "there", "these", "they", "this", "those", "token", "too",
	"true", "try", "twelve", "two", "type", "typed", "undefined", "unique", "unknown", "unset", "updated", "updates", "upper", "uppercase", "use",
	"used", "user", "username", "users", "uses", "using", "valid", "validated", "validation", "value", "values", "variable", "verification", "verified",
	"via", "visible", "wallet", "was", "weak", "were", "what", "when", "where", "which", "while", "who", "whose", "will", "with", "without", "word",
	"words", "would", "write", "written", "wrong", "yes", "yet", "you", "your",
}
