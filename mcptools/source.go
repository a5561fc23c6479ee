package mcptools

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/chatmodel-go/chatmodel/runnable"
)

// maxTools bounds a server's list, which could go on for ever.
const maxTools = 1000

// Options says how a server's tools are made available. The zero value is a
// good choice.
type Options struct {
	// Prefix is put before the names of the tools, so that those of several
	// servers do not collide, such as "github_".
	Prefix string

	// Strict asks providers to hold models to the schemas; see
	// model.Tool.Strict. Nil means the provider's default.
	Strict *bool

	// Skip is called for each tool that cannot be offered because of its
	// schema; the others are offered all the same. If it is nil, such a tool is
	// an error of [Source.Tools].
	Skip func(tool *mcp.Tool, err error)

	// Implementation names the client, and Client holds the other options of
	// the SDK's client, both for [Connect] only. The handlers in Client are
	// called, too.
	Implementation *mcp.Implementation
	Client         *mcp.ClientOptions
}

// A Source is the tools of an MCP server. It is made by [Connect] or [New].
type Source struct {
	session *mcp.ClientSession
	o       Options
	name    string

	stale atomic.Bool
	mu    sync.Mutex // for the list
	list  []runnable.Tool

	progress *reports // nil if the session reports none
}

// Connect starts a session with a server and returns its tools. The context is
// that of the handshake. Close ends the session.
func Connect(ctx context.Context, transport mcp.Transport, options *Options) (*Source, error) {
	s := &Source{progress: &reports{calls: map[string]*report{}}}
	if options != nil {
		s.o = *options
	}
	var co mcp.ClientOptions
	if s.o.Client != nil {
		co = *s.o.Client
	}
	changed, progressed := co.ToolListChangedHandler, co.ProgressNotificationHandler
	co.ToolListChangedHandler = func(ctx context.Context, req *mcp.ToolListChangedRequest) {
		s.Changed()
		if changed != nil {
			changed(ctx, req)
		}
	}
	co.ProgressNotificationHandler = func(ctx context.Context, req *mcp.ProgressNotificationClientRequest) {
		s.progress.add(req.Params)
		if progressed != nil {
			progressed(ctx, req)
		}
	}
	who := s.o.Implementation
	if who == nil {
		who = &mcp.Implementation{Name: "chatmodel", Version: "v0"}
	}
	session, err := mcp.NewClient(who, &co).Connect(ctx, transport, nil)
	if err != nil {
		return nil, fmt.Errorf("mcptools: connect: %w", err)
	}
	s.use(session)
	return s, nil
}

// New returns the tools of a session that is the caller's own. Progress is not
// reported, and the caller must call [Source.Changed] when the list has
// changed: both need handlers that a session is created with.
func New(session *mcp.ClientSession, options *Options) (*Source, error) {
	if session == nil {
		return nil, errors.New("mcptools: the session is nil")
	}
	s := &Source{}
	if options != nil {
		s.o = *options
	}
	s.use(session)
	return s, nil
}

func (s *Source) use(session *mcp.ClientSession) {
	s.session = session
	s.stale.Store(true)
	s.name = "the server"
	if r := session.InitializeResult(); r != nil && r.ServerInfo != nil && r.ServerInfo.Name != "" {
		s.name = fmt.Sprintf("server %q", r.ServerInfo.Name)
	}
}

// Session returns the session, for other calls to the server.
func (s *Source) Session() *mcp.ClientSession { return s.session }

// Close ends the session.
func (s *Source) Close() error { return s.session.Close() }

// Changed reports to s that the server's list has changed. The next call of
// Tools then asks for it.
func (s *Source) Changed() { s.stale.Store(true) }

// Tools returns the server's tools, each a *[Tool]. It asks for the list the
// first time, and when it has changed. It fits [runnable.ToolSetOf].
func (s *Source) Tools(ctx context.Context) ([]runnable.Tool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stale.Swap(false) {
		return append([]runnable.Tool(nil), s.list...), nil
	}
	list, err := s.ask(ctx)
	if err != nil {
		s.stale.Store(true)
		return nil, fmt.Errorf("mcptools: %s: list of tools: %w", s.name, err)
	}
	s.list = list
	return append([]runnable.Tool(nil), list...), nil
}

// ask asks for the list. A server that lies in it is an error.
func (s *Source) ask(ctx context.Context) ([]runnable.Tool, error) {
	names := newNamer(s.o.Prefix)
	var list []runnable.Tool
	n := 0
	for t, err := range s.session.Tools(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if n++; n > maxTools {
			return nil, fmt.Errorf("there are more than %d tools", maxTools)
		}
		if t == nil {
			return nil, errors.New("a tool is null")
		}
		tool, err := s.tool(t, names)
		if err != nil {
			if s.o.Skip == nil {
				return nil, fmt.Errorf("tool %q: %w", t.Name, err)
			}
			s.o.Skip(t, err)
			continue
		}
		list = append(list, tool)
	}
	return list, nil
}
