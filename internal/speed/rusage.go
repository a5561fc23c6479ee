//go:build unix

package main

import (
	"syscall"
	"time"
)

const clock = "CPU time"

// processor returns the time that the process has spent on processors.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
