package model

// The names below are those of the first release. They stay for one release
// more; go fix rewrites their uses.

// Kind is the former name of [ErrorKind].
//
// Deprecated: use [ErrorKind].
//
//go:fix inline
type Kind = ErrorKind

// Extra is the former name of [ProviderOptions].
//
// Deprecated: use [ProviderOptions].
//
//go:fix inline
type Extra = ProviderOptions

// The former names of the warning actions.
//
// Deprecated: use [WarningDropped], [WarningMoved] and [WarningChanged].
//
//go:fix inline
const (
	Dropped = WarningDropped
	Moved   = WarningMoved
	Changed = WarningChanged
)

// MustCall is the former name of [UseTool].
//
// Deprecated: use [UseTool].
//
//go:fix inline
func MustCall(name string) ToolChoice { return UseTool(name) }

// An Unwrapper is a ChatModel around another one.
//
// Deprecated: the method Unwrap is all that is needed; its interface needs no
// name.
//
//go:fix inline
type Unwrapper = interface{ Unwrap() ChatModel }
