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

// forecastSteps is what the slow tool does, each of which takes a while.
var forecastSteps = []string{"asking the stations", "running the forecast", "checking it"}

// newTools returns a tool that is slow and reports how far it is, and one that
// fails. What a tool fails with is told to the model, which answers as well as
// it can.
func newTools(pause time.Duration) (*runnable.ToolSet, error) {
	forecast, err := runnable.NewTool("forecast", "Tells tomorrow's weather in a city.", func(ctx context.Context, in place) (weather, error) {
		for i, step := range forecastSteps {
			if err := runnable.Progress(ctx, fmt.Sprintf("%s (%d of %d)", step, i+1, len(forecastSteps))); err != nil {
				return weather{}, err
			}
			select {
			case <-time.After(pause):
			case <-ctx.Done(): // the reader has gone
				return weather{}, ctx.Err()
			}
		}
		return weather{City: in.City, Celsius: 24, Sky: "sunny"}, nil
	})
	if err != nil {
		return nil, err
	}
	flights, err := runnable.NewTool("flights", "Tells tomorrow's flights to a city.", func(context.Context, place) (string, error) {
		return "", errors.New("the flight plan is being updated; try again in an hour")
	})
	if err != nil {
		return nil, err
	}
	return runnable.NewToolSet([]runnable.Tool{forecast, flights}, nil)
}
