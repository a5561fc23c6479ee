package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/chatmodel-go/chatmodel/runnable"
)

type place struct {
	City string `json:"city" jsonschema:"the name of a city"`
}

type weather struct {
	City    string `json:"city"`
	Celsius int    `json:"celsius"`
	Sky     string `json:"sky"`
}

// forecastSteps are the steps of the slow tool. Each takes a while.
var forecastSteps = []string{"asking the stations", "running the forecast", "checking it"}

// newTools returns a slow tool that reports its progress, and a tool that
// fails. The model gets the error of a failed tool, and answers as well as it
// can.
func newTools(pause time.Duration) (*runnable.ToolSet, error) {
	forecast, err := runnable.NewTool("forecast", "Returns tomorrow's weather in a city.", func(ctx context.Context, in place) (weather, error) {
		for i, step := range forecastSteps {
			if err := runnable.Progress(ctx, fmt.Sprintf("%s (%d of %d)", step, i+1, len(forecastSteps))); err != nil {
				return weather{}, err
			}
			select {
			case <-time.After(pause):
			case <-ctx.Done(): // the client has left
				return weather{}, ctx.Err()
			}
		}
		return weather{City: in.City, Celsius: 24, Sky: "sunny"}, nil
	})
	if err != nil {
		return nil, err
	}
	flights, err := runnable.NewTool("flights", "Returns tomorrow's flights to a city.", func(context.Context, place) (string, error) {
		return "", errors.New("the flight plan is being updated; try again in an hour")
	})
	if err != nil {
		return nil, err
	}
	return runnable.NewToolSet([]runnable.Tool{forecast, flights}, nil)
}
