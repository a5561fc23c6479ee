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
// Names that models cannot call are made legal and unique; the server is called
// by its own. Schemas are lowered to what providers take, and input is
// validated here, where that is possible. When the server says that its tools
// have changed, the next step of a loop has the new ones.
//
// # Results
//
// Text, images, audio and resources become parts of the result. What a model
// cannot be shown, such as a file of an unknown kind or an image whose bytes
// are none, is described in a text. The whole result of the server is the
// call's artifact, a *[mcp.CallToolResult]; see [runnable.KeepArtifact]. A
// result that says that it is an error is told to the model as one, with all
// its parts.
//
// Progress that the server reports is an event of the run, a [Progress].
//
// # Trust
//
// A server is a stranger. What it says of its tools, [Tool.Annotations]
// included, are hints and no promises; a hook ([runnable.ToolLoopOptions])
// decides what may run. Lists, names and schemas are bounded and checked.
//
// # Concurrency and errors
//
// All methods may be called concurrently. Errors name the server and the tool,
// and wrap those of the SDK.
package mcptools
