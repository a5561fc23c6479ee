package bedrock

import "github.com/chatmodel-go/chatmodel/model"

// The names below are those of the first release. They stay for one release
// more; go fix rewrites their uses.

// Extra is the former name of [ProviderOptions].
//
// Deprecated: use [ProviderOptions].
//
//go:fix inline
type Extra = ProviderOptions

// ResponseExtra is the former name of [ProviderMetadata].
//
// Deprecated: use [ProviderMetadata].
//
//go:fix inline
type ResponseExtra = ProviderMetadata

// ExtraOf is the former name of [MetadataOf].
//
// Deprecated: use [MetadataOf].
//
//go:fix inline
func ExtraOf(resp *model.Response) *ProviderMetadata { return MetadataOf(resp) }
