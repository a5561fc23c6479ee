package local

import (
	"maps"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
)

// counters count the calls of all worlds since the server was made.
type counters struct {
	mu sync.Mutex
	counted
}

type counted struct {
	Calls        int            `json:"calls"`
	Serving      int            `json:"serving"`
	Worlds       int            `json:"worlds"`
	ByOperation  map[string]int `json:"by_operation"` // "" is a path without an operation
	ByStatus     map[string]int `json:"by_status"`    // "0" is an answer that broke off before its header
	ByException  map[string]int `json:"by_exception"`
	Frames       int            `json:"frames"`
	PromptTokens int            `json:"prompt_tokens"`
	Seconds      float64        `json:"seconds"` // the sum of the durations of all calls

	took time.Duration
}

// mostCodes is how many codes of exceptions are counted separately: a script
// may invent any.
const mostCodes = 100

func (c *counters) add(call *bedrocktest.Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ByOperation == nil {
		c.ByOperation, c.ByStatus, c.ByException = map[string]int{}, map[string]int{}, map[string]int{}
	}
	c.Calls++
	c.ByOperation[call.Operation]++
	c.ByStatus[strconv.Itoa(call.Status)]++
	c.Frames += call.Frames
	c.PromptTokens += call.Tokens
	c.took += call.Duration
	if call.Exception == nil {
		return
	}
	code := call.Exception.Code
	if _, known := c.ByException[code]; !known && len(c.ByException) >= mostCodes {
		code = "others"
	}
	c.ByException[code]++
}

// getCounters sends the counters.
func getCounters(s *Server, _ *world, _ *http.Request) (any, *problem) {
	s.count.mu.Lock()
	c := s.count.counted
	c.ByOperation, c.ByStatus, c.ByException = maps.Clone(c.ByOperation), maps.Clone(c.ByStatus), maps.Clone(c.ByException)
	s.count.mu.Unlock()
	c.Seconds = c.took.Seconds()
	all := s.allWorlds()
	c.Worlds = len(all)
	for _, w := range all {
		c.Serving += w.current().Serving()
	}
	return c, nil
}
