package schema

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
)

// applyTags adds what the tags of a field say to the schema of its value.
func applyTags(n *node, tag reflect.StructTag) error {
	if text, ok := tag.Lookup("jsonschema"); ok {
		if err := checkDescription(text); err != nil {
			return err
		}
		n.Description = text
	}
	for n.Items != nil {
		n = n.Items
	}
	if list, ok := tag.Lookup("enum"); ok {
		values, err := enumValues(n.Type, list)
		if err != nil {
			return err
		}
		n.Enum = values
	}
	if format, ok := tag.Lookup("format"); ok {
		if n.Type != "string" || format == "" {
			return fmt.Errorf("format tag %q: want the name of a format, on a string", format)
		}
		n.Format = format
	}
	return applyLimits(n, tag)
}

// checkDescription refuses an empty description, and one that is made of
// options for another library, which a model would be shown as a description.
func checkDescription(text string) error {
	if text == "" {
		return errors.New("empty jsonschema tag; want a description, or no tag")
	}
	if bare := bareOption(text); bare != "" {
		return fmt.Errorf("jsonschema tag %q: %s is an option of another library and no description; a field is optional if it is a pointer or its json tag has omitempty, and required otherwise", text, bare)
	}
	first, _, _ := strings.Cut(text, " ")
	if strings.Contains(first, "=") {
		return fmt.Errorf("jsonschema tag starts with %q; want a plain description (there are tags for enum, minimum, maximum and format)", first)
	}
	return nil
}

// bareOption returns the option of another library's tag that a text is made
// of, empty if it is not.
func bareOption(text string) string {
	first := ""
	for word := range strings.SplitSeq(text, ",") {
		switch word = strings.TrimSpace(word); word {
		case "required", "omitempty", "omitzero", "optional", "nullable", "-":
			first = cmp.Or(first, word)
		default:
			return ""
		}
	}
	return first
}

// enumValues reads the values of an enum tag for a schema of the given type.
func enumValues(typ, list string) ([]any, error) {
	var values []any
	for text := range strings.SplitSeq(list, ",") {
		value, err := enumValue(typ, text)
		if err != nil {
			return nil, err
		}
		if slices.Contains(values, value) {
			return nil, fmt.Errorf("enum tag: %q is there twice", text)
		}
		values = append(values, value)
	}
	return values, nil
}

// enumValue reads a value of an enum tag as one of the schema's type.
func enumValue(typ, text string) (any, error) {
	switch typ {
	case "string":
		if text == "" {
			return nil, errors.New("enum tag: empty value; want values separated by commas")
		}
		return text, nil
	case "integer", "number":
		n, err := number("enum", typ, text)
		return n, err
	}
	return nil, errors.New("enum tag: want a string or number field, or a slice of them")
}

// applyLimits sets the minimum and the maximum by their tags, and refuses two
// that leave no number between them.
func applyLimits(n *node, tag reflect.StructTag) error {
	var err error
	if text, ok := tag.Lookup("minimum"); ok {
		if n.Minimum, err = number("minimum", n.Type, text); err != nil {
			return err
		}
	}
	if text, ok := tag.Lookup("maximum"); ok {
		if n.Maximum, err = number("maximum", n.Type, text); err != nil {
			return err
		}
	}
	if n.Minimum == "" || n.Maximum == "" {
		return nil
	}
	low, _ := new(big.Float).SetString(n.Minimum.String())
	high, _ := new(big.Float).SetString(n.Maximum.String())
	if low.Cmp(high) > 0 {
		return fmt.Errorf("minimum tag %s is above maximum tag %s", n.Minimum, n.Maximum)
	}
	return nil
}

// number reads a JSON number from a tag of a numeric field.
func number(tag, typ, text string) (json.Number, error) {
	if typ != "integer" && typ != "number" {
		return "", fmt.Errorf("%s tag: want a number field, or a slice of them", tag)
	}
	var n json.Number
	if err := json.Unmarshal([]byte(text), &n); err != nil || n.String() != text {
		return "", fmt.Errorf("%s tag %q: want a JSON number", tag, text)
	}
	if _, err := n.Float64(); err != nil {
		return "", fmt.Errorf("%s tag %q: want a number in the range of float64", tag, text)
	}
	if typ == "integer" && strings.ContainsAny(text, ".eE") {
		return "", fmt.Errorf("%s tag %q: want a whole number", tag, text)
	}
	return n, nil
}
