//go:build !unix

package main

import "time"

const clock = "wall time, since this system does not tell the time spent on processors"

var began = time.Now()

// processor returns the time since the program began.
func processor() time.Duration { return time.Since(began) }
