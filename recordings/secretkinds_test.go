package recordings_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

// A kind is a secret that is found by its pattern, put together at run time, so
// that searching this repository for secrets finds none.
type kind struct {
	name, rule, value string
}

const (
	letters = "Q3EgWxqJ5zBtKdLmN7pRsT2uVyAhCfGi"
	hexes   = "0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
)

// kinds returns the secrets whose patterns are known, with the rule that finds
// each.
func kinds() []kind {
	long := letters + letters + letters
	return []kind{
		{"AWS key id of a user", "aws access key id", "AKIA" + "Q3EGWXQJ5ZBTKDLM"},
		{"AWS key id of a session", "aws access key id", "ASIA" + "Q3EGWXQJ5ZBTKDLM"},
		{"AWS secret key with its name", "aws secret access key", "aws_secret_access_key = " + "wJalrXUtnFEMIK7MDENGbPxRfiCYzQx9" + "Lm4Tn8Kp"},
		{"AWS session token", "aws session token", "IQoJb3JpZ2luX2VjE" + "Of//////////wEaCXVzLWVhc3QtMSJHMEUCIQD"},
		{"AWS session token of old", "aws session token", "FwoGZXIvYXdzE" + "Of//////////wEaCXVzLWVhc3QtMSJHMEUCIQD"},
		{"AWS signature", "aws signature", "AWS4-HMAC-SHA256 " + "Credential=" + "x"},
		{"presigned URL", "aws signature", "X-Amz-" + "Signature=" + hexes},
		{"AWS marketplace token", "aws marketplace token", "amzn.mws." + "4ea38b7b-f563-7709-4bae-87aea-1234567890"},
		{"Bedrock key", "bedrock api key", "ABSK" + "QmVkcm9ja0FQSUtleS1hYmNkLWF0LTk5OTk4ODg4Nzc3Nzo"},
		{"short-lived Bedrock key", "bedrock api key", "bedrock-api-key-" + "YmVkcm9jay5hbWF6b25hd3MuY29tLz9BY3Rpb24"},
		{"account in an ARN", "aws account id", "arn:aws:bedrock:us-east-1:" + "999988887777" + ":application-inference-profile/x"},
		{"account in an escaped ARN", "aws account id", "arn%3Aaws%3Abedrock%3Aus-east-1%3A" + "999988887777" + "%3Aprompt%2Fx"},
		{"owner of a bucket", "aws account id", `"bucketOwner":"` + "999988887777" + `"`},
		{"account by its name", "aws account id", `"accountId": "` + "999988887777" + `"`},
		{"person behind a role", "aws user or role", "arn:aws:sts::123456789012:assumed-role/" + "Admin/somebody@corp.test"},
		{"user", "aws user or role", "arn:aws:iam::123456789012:user/" + "somebody"},
		{"unique id of a role", "aws user or role", "AROA" + "Q3EGWXQJ5ZBTKDLM"},
		{"bearer token", "bearer token", "Authorization: Bearer " + strings.ToLower(letters)},
		{"Basic credentials", "basic credentials", "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("user:correct horse"))},
		{"URL with a password", "url with password", "postgres" + "://user:" + "correct-horse@db.corp.test/x"},
		{"token in a URL", "secret in a query", "https://h.test/x?a=1&token=" + letters},
		{"key in a URL", "secret in a query", "https://h.test/x?key=" + letters},
		{"signed URL of Azure", "secret in a query", "https://h.test/x?sv=2024&sig=" + letters + "%3D"},
		{"member password", "member named as a secret", `"password":"` + "correct-horse" + `"`},
		{"member api_key", "member named as a secret", `"api_key": "` + letters + `"`},
		{"member token", "member named as a secret", `"token":"` + letters + `"`},
		{"member clientSecret", "member named as a secret", `'clientSecret': '` + letters + `'`},
		{"member of a maker", "member named as a secret", `"TOGETHER_API_KEY":"` + letters + `"`},
		{"passphrase", "passphrase", "password: " + "correct horse battery staple"},
		{"quoted passphrase", "passphrase", `"passphrase": "` + `Correct Horse Battery Staple Tractor"`},
		{"phrase of a wallet", "passphrase", "seed phrase = " + "witch collapse practice feed shame open despair creek road again ice least"},
		{"variable of the environment", "environment variable", "MISTRAL_API_KEY=" + letters},
		{"quoted variable of the environment", "environment variable", "export DJANGO_SECRET_KEY='" + letters + "'"},
		{"cookie", "cookie", "Cookie: session=" + letters},
		{"cookie that is set", "cookie", "Set-Cookie: JSESSIONID=" + letters + "; Path=/"},
		{"Fireworks", "fireworks key", "fw_" + letters[:24]},
		{"Figma", "figma token", "figd_" + letters + letters},
		{"Mailgun", "mailgun key", "key-" + hexes[:32]},
		{"JSON web token", "json web token", "eyJ" + "hbGciOiJIUzI1NiJ9.eyJ" + "zdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl"},
		{"private key", "private key", "-----BEGIN RSA " + "PRIVATE KEY-----"},
		{"private key of OpenSSH", "private key", "-----BEGIN OPENSSH " + "PRIVATE KEY-----"},
		{"private key of PGP", "private key", "-----BEGIN PGP " + "PRIVATE KEY BLOCK-----"},
		{"private key of PuTTY", "private key", "PuTTY-User-Key-" + "File-3: ssh-ed25519"},
		{"private key of age", "private key", "AGE-SECRET-" + "KEY-1" + strings.ToUpper(letters) + "ABCDEFGH2"},
		{"OpenAI", "sk- key", "sk-" + "proj-abcdefghijklmnopqrstuvwx"},
		{"Anthropic", "sk- key", "sk-" + "ant-api03-" + letters},
		{"Google", "google api key", "AIza" + "SyA1234567890abcdefghijklmnopqrstuv"},
		{"Google, new", "google api key", "AQ." + letters},
		{"Google OAuth", "google oauth token", "ya29." + "a0AfH6SM-" + letters},
		{"Google client", "google oauth token", "GOCSPX-" + letters},
		{"Hugging Face", "hugging face token", "hf_" + letters},
		{"Groq", "groq key", "gsk_" + letters + letters},
		{"xAI", "xai key", "xai-" + letters + letters},
		{"Perplexity", "perplexity key", "pplx-" + letters},
		{"Replicate", "replicate token", "r8_" + letters + "abcde"},
		{"LangSmith", "langsmith key", "lsv2_" + "pt_" + letters},
		{"Pinecone", "pinecone key", "pcsk_" + letters},
		{"Tavily", "tavily key", "tvly-" + "dev-" + letters},
		{"Together", "together key", "tgp_v1_" + letters},
		{"NVIDIA", "nvidia key", "nvapi-" + letters + letters},
		{"Databricks", "databricks token", "dapi" + hexes[:32]},
		{"GitHub", "github token", "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789"},
		{"GitHub app", "github token", "ghs_" + "abcdefghijklmnopqrstuvwxyz0123456789"},
		{"GitHub fine-grained", "github token", "github_pat_" + letters},
		{"GitLab", "gitlab token", "glpat-" + letters},
		{"npm", "npm token", "npm_" + letters + "abcd"},
		{"PyPI", "pypi token", "pypi-" + long},
		{"RubyGems", "rubygems key", "rubygems_" + hexes[:48]},
		{"Docker", "docker token", "dckr_pat_" + letters},
		{"Slack", "slack token", "xoxb" + "-1234567890-abcdefghij"},
		{"Slack app", "slack token", "xapp-" + "1-" + letters},
		{"webhook of Slack", "webhook", "https://hooks.slack.com/" + "services/T00000000/B00000000/" + letters},
		{"webhook of Discord", "webhook", "https://discord.com/api/" + "webhooks/1234567890/" + letters},
		{"Stripe", "stripe key", "sk_" + "live_" + letters},
		{"Stripe webhook", "stripe key", "whsec_" + letters},
		{"Azure storage", "azure key", "Account" + "Key=" + long[:86] + "=="},
		{"SendGrid", "sendgrid key", "SG." + letters[:22] + "." + letters + letters[:11]},
		{"Twilio", "twilio key", "SK" + hexes[:32]},
		{"DigitalOcean", "digitalocean token", "dop_v1_" + hexes},
		{"Telegram", "telegram bot token", "123456789:" + "AA" + letters + "a"},
		{"Linear", "linear key", "lin_api_" + letters + "abcdefgh"},
		{"Notion", "notion token", "ntn_" + letters + "abcdefghijkl"},
		{"Postman", "postman key", "PMAK-" + hexes[:24] + "-" + hexes[:34]},
		{"Shopify", "shopify token", "shpat_" + hexes[:32]},
		{"Vault", "vault token", "hvs." + letters},
		{"Atlassian", "atlassian token", "ATATT3" + long},
		{"New Relic", "new relic key", "NRAK-" + letters[:27]},
		{"Grafana", "grafana token", "glsa_" + letters + "_" + hexes[:8]},
		{"Sentry", "sentry token", "sntrys_" + letters + letters},
		{"Supabase", "supabase token", "sbp_" + hexes[:40]},
		{"PlanetScale", "planetscale token", "pscale_tkn_" + letters},
		{"Doppler", "doppler token", "dp.pt." + letters + "abcdefgh"},
		{"Alibaba Cloud", "alibaba access key id", "LTAI" + "5tQ3EgWxqJ5zBtKdLmN7"},
		{"Square", "square token", "sq0csp-" + letters},
		{"Mailchimp", "mailchimp key", hexes[:32] + "-us12"},
		{"netrc", "netrc entry", "machine h.test login user " + "password correct-horse"},
	}
}

// A source is something that gives a secret away, so that it is known by value.
type source struct {
	name    string
	value   string // the secret
	becomes string // what stands in its place
	env     string // the variable that holds it as it is, if one does
	secrets []string
	request func(*http.Request) // puts it into a request, or nil
	body    string              // of that request
	answer  http.Header         // of its response
}

// sources returns secrets that no pattern finds.
func sources() []source {
	header := func(name, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(name, value) }
	}
	const word, account = "correct-horse-battery", "999988887777"
	return []source{
		{name: "option", value: word, secrets: []string{word}},
		{name: "AWS secret key", value: word, env: "AWS_SECRET_ACCESS_KEY"},
		{name: "AWS session token", value: word, env: "AWS_SESSION_TOKEN"},
		{name: "key of another maker", value: word, env: "SOME_MAKER_API_KEY"},
		{name: "password of a program", value: word, env: "PGPASSWORD"},
		{name: "home", value: "/home/somebody-else", env: "HOME"},
		{name: "session of a role", value: "somebody@corp.test", env: "AWS_ROLE_SESSION_NAME"},
		{name: "bearer", value: word, request: header("Authorization", "Bearer "+word)},
		{name: "token without scheme", value: word, request: header("Authorization", word)},
		{name: "password of Basic", value: word, request: header("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("somebody:"+word)))},
		{name: "key id of SigV4", value: word, request: header("Authorization", "AWS4-HMAC-SHA256 Credential="+word+"/20260131/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature="+hexes)},
		{name: "signature of SigV4", value: hexes, request: header("Authorization", "AWS4-HMAC-SHA256 Credential=k/20260131/us-east-1/bedrock/aws4_request, SignedHeaders=host, Signature="+hexes)},
		{name: "session token of a request", value: word, request: header("X-Amz-Security-Token", word)},
		{name: "key in a header", value: word, request: header("X-Api-Key", word)},
		{name: "token in a header", value: word, request: header("X-Vendor-Token", word)},
		{name: "cookie", value: word, request: header("Cookie", "theme=dark; session="+word)},
		{name: "cookie that is set", value: word, answer: http.Header{"Set-Cookie": {"session=" + word + "; Path=/; HttpOnly"}}},
		{name: "password of a URL", value: word, request: func(r *http.Request) { r.URL.User = userPassword(word) }},
		{name: "token of a URL", value: word, request: func(r *http.Request) { r.URL.RawQuery = "token=" + word }},
		{name: "account of an ARN in a path", value: account, becomes: "123456789012", request: func(r *http.Request) {
			r.URL.Path = "/model/arn:aws:bedrock:us-east-1:" + account + ":prompt/x/converse"
		}},
		{name: "account of an ARN in a body", value: account, becomes: "123456789012", body: `{"m":"arn:aws:bedrock:us-east-1:` + account + `:prompt/x"}`},
		{name: "owner of a bucket", value: account, becomes: "123456789012", body: `{"s3Location":{"uri":"s3://b/x","bucketOwner":"` + account + `"}}`},
		{name: "owner of a bucket in a header", value: account, becomes: "123456789012", request: header("X-Amz-Expected-Bucket-Owner", account)},
		{name: "person behind a role", value: "somebody@corp.test", body: `{"m":"arn:aws:sts::123456789012:assumed-role/Admin/somebody@corp.test"}`},
		{name: "role", value: "BedrockPowerUsers", body: `{"m":"arn:aws:sts::123456789012:assumed-role/BedrockPowerUsers/x"}`},
	}
}

func TestKindsAreMany(t *testing.T) {
	if n := len(kinds()) + len(sources()); n < 60 || len(places()) < 60 {
		t.Errorf("%d kinds in %d places, want 60 each", n, len(places()))
	}
}
