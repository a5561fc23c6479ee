package rules

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// others are makers of models on Bedrock that the table has no row of: they do
// not converse.
var others = []string{"luma", "stability", "twelvelabs"}

// atLeast reports whether a model is of a version or a later one.
func atLeast(id *modelid.ID, generation, minor int) bool {
	return id.Generation > generation || id.Generation == generation && id.Minor >= minor
}

// isARN reports whether an id was an ARN of Bedrock.
func isARN(id *modelid.ID) bool { return id.Resource != "" }
