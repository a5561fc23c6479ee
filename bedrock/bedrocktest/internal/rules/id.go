package rules

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// An ID is what the id of a model says.
type ID struct {
	Geography  string // of a cross-region inference profile, such as "us"; empty if there is none
	Base       string // the id without geography, ARN and variant, such as "anthropic.claude-opus-4-6-v1"
	Resource   string // of an ARN, such as "prompt"; empty for a plain id
	Maker      string // such as "anthropic"; empty if the id names no maker that is known
	Line       string // such as "claude-opus"
	Generation int    // 4 of claude-opus-4-6; zero if none is told
	Minor      int    // 6 of it
	Date       int    // of a snapshot: 20250929, or 2402
	Size       string // such as "70b"
	Variant    string // such as "24k", a context of another size
}

// geographies are the prefixes of cross-region inference profiles.
// https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
var geographies = []string{"us", "eu", "us-gov", "apac", "sa", "amer", "global", "jp", "au", "ca", "in"}

// makers are the first words of the ids of models, and whose models they are.
var makers = map[string]string{
	"ai21": "ai21", "amazon": "amazon", "anthropic": "anthropic", "cohere": "cohere", "deepseek": "deepseek",
	"google": "google", "luma": "luma", "meta": "meta", "minimax": "minimax", "mistral": "mistral",
	"moonshot": "moonshot", "moonshotai": "moonshot", "nvidia": "nvidia", "openai": "openai", "qwen": "qwen",
	"stability": "stability", "twelvelabs": "twelvelabs", "writer": "writer", "xai": "xai", "zai": "zai",
}

// ParseID reads a model id, the id of a profile, or an ARN that ends in one.
func ParseID(id string) ID {
	var out ID
	if IsARN(id) {
		resource, name, _ := strings.Cut(strings.SplitN(id, ":", 6)[5], "/")
		out.Resource = resource
		if resource == "custom-model" { // custom-model/base.id/name
			name, _, _ = strings.Cut(name, "/")
		}
		id = name
	}
	if geo, rest, ok := strings.Cut(id, "."); ok && slices.Contains(geographies, geo) {
		out.Geography, id = geo, rest
	}
	out.Base = id
	if base, variant, ok := cutVariant(id); ok {
		out.Base, out.Variant = base, variant
	}
	first, name, ok := strings.Cut(out.Base, ".")
	if ok && name != "" {
		if out.Maker = makers[first]; out.Maker != "" {
			out.name(name)
		}
	}
	return out
}

// IsARN reports whether id has the form of an ARN of Bedrock:
// arn:partition:bedrock:region:account:kind/name.
func IsARN(id string) bool {
	fields := strings.SplitN(id, ":", 6)
	if len(fields) != 6 || fields[0] != "arn" || (fields[2] != "bedrock" && fields[2] != "sagemaker") {
		return false
	}
	kind, name, ok := strings.Cut(fields[5], "/")
	return ok && kind != "" && name != ""
}

var variant = regexp.MustCompile(`^(.+):(\d+k|mm)$`)

// cutVariant takes the size of the context off an id.
func cutVariant(id string) (base, size string, ok bool) {
	m := variant.FindStringSubmatch(id)
	if m == nil {
		return id, "", false
	}
	return m[1], m[2], true
}

var (
	number  = regexp.MustCompile(`^\d{1,2}$`)
	decimal = regexp.MustCompile(`^([a-z]*)(\d{1,2})(?:\.(\d{1,2}))?$`) // 5.6, m2.5, llama3
	dated   = regexp.MustCompile(`^(\d{8}|\d{4})$`)
	sized   = regexp.MustCompile(`^(\d+x)?\d+(\.\d+)?[bm]$|^a\d+b$`)
)

// plain are words that tell nothing about the line.
var plain = []string{"instruct", "chat", "it", "preview", "latest"}

// name reads the part after the maker: words, versions, sizes and dates in any
// order.
func (i *ID) name(name string) {
	name, _, _ = strings.Cut(name, ":")
	var words []string
	letter := ""                 // before a version, such as r1
	versioned, last := false, "" // a generation is known; the word before was it
	for _, w := range strings.Split(name, "-") {
		kind := "word"
		switch m := decimal.FindStringSubmatch(w); {
		case dated.MatchString(w):
			i.Date, _ = strconv.Atoi(w)
		case sized.MatchString(w):
			i.Size = strings.TrimPrefix(i.Size+"-"+w, "-")
		case number.MatchString(w) && versioned:
			if last == "generation" {
				i.Minor, _ = strconv.Atoi(w)
			}
		case m != nil && !versioned:
			if letter = m[1]; len(letter) > 1 {
				words = append(words, letter)
			}
			i.Generation, _ = strconv.Atoi(m[2])
			i.Minor, _ = strconv.Atoi(m[3])
			versioned = true
			if kind = "generation"; m[3] != "" {
				kind = "minor"
			}
		case m != nil && len(m[1]) == 1: // the version of an id, such as v1
		case !slices.Contains(plain, w):
			words = append(words, w)
		}
		last = kind
	}
	if i.Line = strings.Join(words, "-"); i.Line == "" {
		i.Line = letter
	}
}

// version compares by generation, then minor version, then snapshot.
func (i *ID) version() [3]int { return [3]int{i.Generation, i.Minor, i.Date} }

// atLeast reports whether the model is of a version or a later one.
func (i *ID) atLeast(generation, minor int) bool {
	return i.Generation > generation || i.Generation == generation && i.Minor >= minor
}
