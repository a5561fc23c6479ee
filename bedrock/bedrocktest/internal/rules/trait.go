package rules

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Traits are values for fields of a [Model], by name: "NoTemperature",
// "Thinking.Efforts". A flag is a bool, a limit an int, a word a string, and a
// list of words a []string. Kinds of files are a []string of image, document,
// video, audio and s3.
type Traits map[string]any

// Check returns an error for the first trait that no model can have.
func (t Traits) Check() error {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if err := new(Model).set(name, t[name]); err != nil {
			return err
		}
	}
	return nil
}

// set changes a field.
func (m *Model) set(name string, value any) error {
	field := reflect.ValueOf(m).Elem()
	if !slices.Contains(traitNames(), name) {
		return fmt.Errorf("there is no trait %q; the traits are %s", name, strings.Join(traitNames(), ", "))
	}
	for word := range strings.SplitSeq(name, ".") {
		field = field.FieldByName(word)
	}
	given := reflect.ValueOf(value)
	words, isWords := value.([]string)
	switch {
	case field.Type() == reflect.TypeFor[Media]() && isWords:
		media, err := mediaOf(words)
		if err != nil {
			return fmt.Errorf("trait %q: %w", name, err)
		}
		given = reflect.ValueOf(media)
	case isWords:
		given = reflect.ValueOf(slices.Clone(words))
	}
	kind := field.Kind()
	if !given.IsValid() || given.Kind() != kind || kind == reflect.Slice && !isWords || kind == reflect.Uint8 && field.Type() != given.Type() {
		return fmt.Errorf("trait %q is %T, not %s", name, value, traitKinds[kind])
	}
	field.Set(given.Convert(field.Type()))
	return nil
}

// traitKinds are the kinds of fields that are traits, in words.
var traitKinds = map[reflect.Kind]string{reflect.Bool: "a bool", reflect.Int: "an int", reflect.String: "a string",
	reflect.Slice: "a []string", reflect.Uint8: "a []string of kinds of file"}

// traitNames returns the names of all traits.
func traitNames() []string { return namesOf(reflect.TypeFor[Model](), "") }

func namesOf(t reflect.Type, prefix string) (names []string) {
	for field := range t.Fields() {
		switch name := prefix + field.Name; {
		case prefix == "" && (name == "ID" || name == "Row" || name == "Known"): // its identity is not a trait
		case field.Type == reflect.TypeFor[Counters]():
		case field.Type.Kind() == reflect.Struct:
			names = append(names, namesOf(field.Type, name+".")...)
		default:
			names = append(names, name)
		}
	}
	return names
}

// mediaOf returns the kinds of files that the words name. An empty list means
// that the model accepts none.
func mediaOf(words []string) (Media, error) {
	media := MediaKnown
	for _, w := range words {
		kind, ok := map[string]Media{"image": Images, "document": Documents, "video": Videos, "audio": Audios, "s3": S3}[w]
		if !ok {
			return 0, fmt.Errorf("there is no kind of file %q; the kinds are image, document, video, audio and s3", w)
		}
		media |= kind
	}
	return media, nil
}
