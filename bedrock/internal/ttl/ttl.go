package ttl

import (
	"fmt"
	"time"
)

// The lifetimes that the service has. An empty one is the default, five minutes.
const (
	Five = "5m"
	Hour = "1h"
)

// Format writes a lifetime as in 5m or 1h, zero as the empty string. One that
// the service does not have is written, too, for the error that names it.
func Format(d time.Duration) string {
	switch {
	case d == 0:
		return ""
	case d%time.Hour == 0:
		return fmt.Sprintf("%dh", d/time.Hour)
	case d%time.Minute == 0:
		return fmt.Sprintf("%dm", d/time.Minute)
	}
	return d.String()
}
