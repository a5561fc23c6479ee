// Speed measures what the library costs beside a reference that does the same
// work: the AWS SDK used by hand, plain Go, or a floor, which is the least that
// the work takes. It prints a table of ratios.
//
//	go run ./internal/speed                  the whole table
//	go run ./internal/speed -rows 'delta'    the rows whose name matches
//	go run ./internal/speed -o BENCHMARKS.md
//
// # How a ratio is measured
//
// The work and its reference run by turns in one process, in 24 samples each of
// 20 milliseconds or of one run, and the least of each counts, so that neither
// gets the machine's better hours. Time is the processor's, of all threads, so
// that what the garbage collector does for the work is paid by it and what other
// programs do is not. Systems that do not report it get the clock's time, and the
// table says so. Allocations and bytes are counted, not timed: they are exact and
// the same on every machine.
//
// Calls beside the SDK's, where one side leaves many times as many objects, have
// eight samples of a tenth of a second, so that each side pays for its own.
//
// Every row is a benchmark too: go test ./internal/speed -bench 'Rows/delta'.
package main
