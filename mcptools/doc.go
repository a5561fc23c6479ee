// Package mcptools makes the tools of an MCP server available to models, as
// tools of package runnable.
//
// The Model Context Protocol (https://modelcontextprotocol.io) is how programs
// offer tools to others. A [Source] is a session with one such server:
//
//	source, err := mcptools.Connect(ctx, &mcp.CommandTransport{Command: exec.Command("server")}, nil)
//	defer source.Close()
//	agent := runnable.ToolLoop(llm, runnable.ToolSetOf(source.Tools, nil), nil)
//
// Names that models cannot call are made legal and unique; the server still
// receives its own. Schemas are lowered to the form that providers take. Input
// is validated here, where that is possible. When the server says that its
// tools have changed, the next step of a loop has the new ones.
//
// # Results
//
// Text, images, audio and resources become parts of the result. Content that a
// model cannot be shown, such as a file of an unknown kind or an image with
// invalid bytes, is described in a text. The whole result of the server is the
// call's artifact, a *[mcp.CallToolResult]; see [runnable.KeepArtifact]. A
// result that is marked as an error is sent to the model as one, with all its
// parts.
//
// Progress that the server reports is an event of the run, a [Progress].
//
// # Trust
//
// A server is not trusted. Its statements about its tools, including
// [Tool.Annotations], are hints and not promises; a hook
// ([runnable.ToolLoopOptions]) decides what may run. Lists, names and schemas
// are bounded and checked.
//
// # Concurrency and errors
//
// All methods may be called concurrently. Errors name the server and the tool,
// and wrap those of the SDK.
package mcptools
