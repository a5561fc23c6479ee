package modelid

import (
	"cmp"
	"strings"
)

// A Kind says what an id names.
type Kind string

// The kinds. Those of ARNs are the words that stand in them.
const (
	Model            Kind = "foundation-model" // a base id or its ARN
	Profile          Kind = "inference-profile"
	AppProfile       Kind = "application-inference-profile"
	Prompt           Kind = "prompt" // of Prompt management
	Router           Kind = "prompt-router"
	DefaultRouter    Kind = "default-prompt-router"
	Provisioned      Kind = "provisioned-model"
	Custom           Kind = "custom-model"
	CustomDeployment Kind = "custom-model-deployment"
	Imported         Kind = "imported-model"
	Endpoint         Kind = "endpoint" // of a model of the marketplace, in SageMaker
	Unknown          Kind = ""         // not an id that this package can read
)

// An ID is what an id says. Fields that it does not say are zero.
type ID struct {
	Kind     Kind
	Region   string // of an ARN
	Account  string // of an ARN
	Resource string // of an ARN: what follows the kind

	// Geography is the first word of the id of a cross-region inference profile,
	// such as "us" or "global".
	Geography string

	// Base is the id of the base model, without a geography and a variant. It is
	// empty for the ARN of a resource that does not name its model.
	Base string

	Maker string // the first word of Base, such as "anthropic"; moonshot is moonshotai

	// Line holds the words of the name without numbers, such as "claude-opus",
	// "nova-lite", "llama" or "gpt-sol". Models of a line follow one another.
	Line string

	// Generation and Minor are the version, such as 4 and 6. Named reports whether
	// the name holds it. Where it does not, the suffix stands in for it.
	Generation, Minor int
	Named             bool

	Size    string // such as "8b", "235b-a22b"
	Date    string // of the snapshot, as it stands: 20240620, or 2507 for July 2025
	Suffix  string // such as "-v1:0"
	Variant string // such as "24k", for a size of context
}

// Resource kinds whose last part is, or begins with, the id of a model.
func (k Kind) namesModel() bool { return k == Model || k == Profile || k == Custom }

// Parse reads an id. It never fails: what it cannot read is of kind [Unknown],
// and its Base is the id as it stands.
func Parse(id string) ID {
	if !strings.HasPrefix(id, "arn:") {
		return parseName(id)
	}
	// arn:partition:service:region:account:kind/resource
	parts := strings.SplitN(id, ":", 6)
	if len(parts) < 6 {
		return ID{Base: id}
	}
	kind, resource, _ := strings.Cut(parts[5], "/")
	arn := ID{Region: parts[3], Account: parts[4], Resource: resource}
	switch Kind(kind) {
	case Model, Profile, AppProfile, Prompt, Router, DefaultRouter, Provisioned, Custom, CustomDeployment, Imported, Endpoint:
		arn.Kind = Kind(kind)
	default:
		return ID{Base: id}
	}
	if !arn.Kind.namesModel() {
		return arn
	}
	// custom-model/BASE/NAME names its base model, custom-model/NAME does not.
	name, _, cut := strings.Cut(resource, "/")
	if arn.Kind == Custom && !cut {
		return arn
	}
	named := parseName(name)
	named.Kind, named.Region, named.Account, named.Resource = arn.Kind, arn.Region, arn.Account, arn.Resource
	return named
}

// parseName reads the id of a model or of an inference profile.
func parseName(id string) ID {
	head, tail, _ := strings.Cut(id, ":")
	geography, base := cutGeography(head)
	maker, name, ok := strings.Cut(base, ".")
	if !ok || maker == "" || name == "" {
		return ID{Base: id}
	}
	r := ID{Kind: Model, Geography: geography, Maker: maker}
	if geography != "" {
		r.Kind = Profile
	}
	if maker == "moonshot" {
		r.Maker = "moonshotai"
	}
	if name, r.Suffix, r.Variant = cutSuffix(name, tail); name == "" {
		return ID{Base: id}
	}
	r.Base = maker + "." + name + r.Suffix
	r.readWords(name)
	return r
}

// makers are the first words of base ids. They distinguish a maker from a
// geography.
var makers = map[string]bool{
	"ai21": true, "amazon": true, "anthropic": true, "cohere": true, "deepseek": true, "google": true, "luma": true,
	"meta": true, "minimax": true, "mistral": true, "moonshot": true, "moonshotai": true, "nvidia": true, "openai": true,
	"qwen": true, "stability": true, "twelvelabs": true, "writer": true, "xai": true, "zai": true,
}

// geographies are those that are more than two letters.
var geographies = map[string]bool{"us-gov": true, "apac": true, "amer": true, "global": true, "emea": true, "latam": true}

// cutGeography takes off the geography of an inference profile: a word before
// a maker. Before a maker that is not known here, it must be one of the known
// words, or two letters as those of a country are.
func cutGeography(id string) (geography, base string) {
	first, rest, ok := strings.Cut(id, ".")
	second, name, more := strings.Cut(rest, ".")
	switch {
	case !ok, !more, makers[first], second == "", name == "", !word(first):
		return "", id
	case makers[second], geographies[first], len(first) == 2:
		if again, _ := cutGeography(rest); again == "" {
			return first, rest
		}
	}
	return "", id
}

// word reports whether s holds nothing but small letters and hyphens.
func word(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") == ""
}

// cutSuffix takes the service's own suffix off a name and what follows it
// after a colon: "-v1", "-v1:0", "-1:0", and after it the variant of ":24k".
func cutSuffix(name, tail string) (rest, suffix, variant string) {
	revision, more, _ := strings.Cut(tail, ":")
	if _, ok := number(revision); !ok {
		revision, more = "", tail
	}
	variant = more
	dash := strings.LastIndexByte(name, '-')
	last := name[dash+1:]
	n, v := strings.CutPrefix(last, "v")
	if _, ok := number(n); ok && dash > 0 && (v || revision != "") {
		name, suffix = name[:dash], name[dash:]
	}
	if revision != "" {
		suffix += ":" + revision
	}
	return name, suffix, variant
}

// number reads up to three digits.
func number(s string) (n int, ok bool) {
	if s == "" || len(s) > 3 {
		return 0, false
	}
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

// Compare orders ids of a line by version: generation and minor, then
// snapshot, then suffix.
func (r ID) Compare(other ID) int {
	return cmp.Or(
		cmp.Compare(r.Generation, other.Generation),
		cmp.Compare(r.Minor, other.Minor),
		cmp.Compare(r.Date, other.Date),
		cmp.Compare(r.Suffix, other.Suffix),
	)
}

// SameVersion reports whether two ids of a line have the same generation and
// minor version.
func (r ID) SameVersion(other ID) bool {
	return r.Generation == other.Generation && r.Minor == other.Minor
}
