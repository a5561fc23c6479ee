package main

import (
	"context"
	"os"
	"strings"
	"testing"
)

func TestMain(m *testing.M) {
	if addresses := os.Getenv(workerEnv); addresses != "" {
		if err := work(context.Background(), os.Stdout, addresses); err != nil {
			panic(err)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func TestRun(t *testing.T) {
	var out strings.Builder
	if err := run(&out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	text := strings.Join(strings.Fields(out.String()), " ")
	for _, want := range []string{
		"4000 of 10000 records, ", "killed; the second run:", " 320 records were sent again ",
		" happy 4990 angry 2500 neither 2500 no verdict 10", // the ten that fail for ever
		" answered 9990 failed 10 missing 0 answered at the second time 320 unused lines of output 20 ",
		" the service has seen 2 jobs",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the output:\n%s", want, out.String())
		}
	}
}
