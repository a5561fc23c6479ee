package shorten

import (
	"fmt"
	"strings"

	"github.com/chatmodel-go/chatmodel/model"
)

// original returns warnings about a shortened request as such about the request
// that it was made from.
func (s *shortened) original(warnings []model.Warning) []model.Warning {
	if s.kept == nil {
		return warnings
	}
	all := make([]model.Warning, len(warnings))
	for i, w := range warnings {
		w.Field = s.field(w.Field)
		all[i] = w
	}
	return all
}

// field returns the name of a field in the request that the shortened one was
// made from. Others than messages keep theirs.
func (s *shortened) field(name string) string {
	i, rest, ok := index(name, "messages[")
	if !ok || i >= len(s.kept) {
		return name
	}
	from := s.kept[i]
	if j, behind, ok := index(rest, ".parts["); ok && j < len(from.parts) {
		rest = fmt.Sprintf(".parts[%d]%s", from.parts[j], behind)
	}
	return fmt.Sprintf("messages[%d]%s", from.message, rest)
}

// index takes an index from the beginning of a field's name.
func index(name, list string) (i int, rest string, ok bool) {
	name, ok = strings.CutPrefix(name, list)
	if !ok {
		return 0, "", false
	}
	digits, rest, ok := strings.Cut(name, "]")
	if n, err := fmt.Sscanf(digits, "%d", &i); n != 1 || err != nil || i < 0 {
		return 0, "", false
	}
	return i, rest, ok
}
