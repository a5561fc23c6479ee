package main

import (
	"context"
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/budget"
	"github.com/chatmodel-go/chatmodel/runnable"
)

//go:embed page
var files embed.FS

// A service serves conversations over HTTP:
//
//	POST /chats                begins one
//	GET  /chats/{id}           returns its messages and its cost
//	POST /chats/{id}/messages  takes a question and streams the answer
type service struct {
	agent  runnable.Runnable[*model.Request, *runnable.Conversation]
	store  *store
	prices budget.Prices

	mu   sync.Mutex
	busy map[int64]bool // chats with an answer in progress
}

func newService(llm model.ChatModel, kept *store, prices budget.Prices, pause time.Duration) (*service, error) {
	tools, err := newTools(pause)
	if err != nil {
		return nil, err
	}
	agent := runnable.ToolLoop(llm, tools, &runnable.ToolLoopOptions{MaxSteps: 5, MaxTime: time.Minute})
	return &service{agent: agent, store: kept, prices: prices, busy: map[int64]bool{}}, nil
}

func (s *service) handler() http.Handler {
	page, err := fs.Sub(files, "page")
	if err != nil {
		panic(err) // cannot happen: the folder is embedded
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /chats", s.begin)
	mux.HandleFunc("GET /chats/{id}", s.show)
	mux.HandleFunc("POST /chats/{id}/messages", s.ask)
	mux.Handle("GET /", http.FileServerFS(page))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'self'")
		w.Header().Set("X-Content-Type-Options", "nosniff")
		// A page of another site cannot send this content type without a
		// preflight request.
		if r.Method == http.MethodPost && !strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
			fail(w, http.StatusUnsupportedMediaType, errors.New("send application/json"))
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *service) begin(w http.ResponseWriter, r *http.Request) {
	id, err := s.store.newChat(r.Context())
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	reply(w, http.StatusCreated, map[string]int64{"id": id})
}

func (s *service) show(w http.ResponseWriter, r *http.Request) {
	id, messages, ok := s.find(w, r)
	if !ok {
		return
	}
	spent, err := s.bill(r.Context(), id)
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	reply(w, http.StatusOK, struct {
		Messages []model.Message `json:"messages"`
		Bill     bill            `json:"bill"`
	}{messages, spent})
}

// find returns the chat in the path. If there is none, it answers the request.
func (s *service) find(w http.ResponseWriter, r *http.Request) (id int64, messages []model.Message, ok bool) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		fail(w, http.StatusNotFound, errNoChat)
		return 0, nil, false
	}
	switch messages, err = s.store.messages(r.Context(), id); {
	case errors.Is(err, errNoChat):
		fail(w, http.StatusNotFound, err)
	case err != nil:
		fail(w, http.StatusInternalServerError, err)
	}
	return id, messages, err == nil
}

// A bill has the usage and the cost of a chat so far.
type bill struct {
	Cost  string      `json:"cost"`
	Usage model.Usage `json:"usage"`
}

func (s *service) bill(ctx context.Context, id int64) (bill, error) {
	u, cost, err := s.store.spent(ctx, id)
	return bill{cost.String(), u}, err
}

// take reserves a chat for the caller's answer. It reports whether the chat was
// free.
func (s *service) take(id int64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.busy[id] {
		return false
	}
	s.busy[id] = true
	return true
}

func (s *service) release(id int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, id)
}

func reply(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(v)
}

func fail(w http.ResponseWriter, status int, err error) {
	reply(w, status, map[string]string{"error": err.Error()})
}
