package main

import (
	"context"
	"encoding/json"
	"strconv"
	"strings"
	"sync"

	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// critic plays the model. It calls the tool that the request offers for its
// verdict.
func critic() model.ChatModel {
	return fake.New(fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		text := req.Messages[len(req.Messages)-1].Text()
		mood := "neither"
		switch {
		case strings.Contains(text, "love"):
			mood = "happy"
		case strings.Contains(text, "broke"):
			mood = "angry"
		}
		input, err := json.Marshal(map[string]string{"mood": mood})
		if err != nil {
			return nil, err
		}
		return &model.Response{
			Message:    model.AssistantParts(model.ToolCall{ID: "toolu_1", Name: req.Tools[0].Name, Input: input}),
			StopReason: model.StopToolUse,
			Usage:      &model.Usage{Known: true, InputTokens: 120, OutputTokens: 30},
		}, nil
	}).Always())
}

// trouble returns the faults of the service. It refuses, loses or cuts some
// records the first time, writes some twice, and always fails a few.
func trouble() batchtest.Faults {
	var mu sync.Mutex
	asked := map[string]int{}
	every := func(n, rest int) func(string) bool {
		return func(record string) bool {
			mu.Lock()
			defer mu.Unlock()
			number, _ := strconv.Atoi(strings.TrimPrefix(record, "R"))
			return number%n == rest && asked[record] == 1
		}
	}
	return batchtest.Faults{
		Throttle: 3,
		Refuse: func(record string) (int, string) {
			mu.Lock()
			asked[record]++
			mu.Unlock()
			switch {
			case every(50, 7)(record):
				return 429, "Too many requests, please wait before trying again."
			case strings.HasSuffix(record, "999"):
				return 400, "The request is not understood."
			}
			return 0, ""
		},
		Lose: every(100, 11), Cut: every(500, 23), Double: every(500, 44),
	}
}
