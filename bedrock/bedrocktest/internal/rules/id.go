package rules

import (
	"github.com/chatmodel-go/chatmodel/bedrock/internal/modelid"
)

// others are the makers of models on Bedrock that have no row in the table,
// because their models do not converse.
var others = []string{"luma", "stability", "twelvelabs"}

// atLeast reports whether a model has the given version or a later one.
func atLeast(id *modelid.ID, generation, minor int) bool {
	return id.Generation > generation || id.Generation == generation && id.Minor >= minor
}

// isARN reports whether the id is an ARN of Bedrock.
func isARN(id *modelid.ID) bool { return id.Resource != "" }
