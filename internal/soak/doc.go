// Soak keeps a client busy against a server that fails in every way that a
// server, a network and a caller have, and counts what came of it.
//
//	go run ./internal/soak                  ten seconds
//	go run ./internal/soak -for 1h -workers 64 -seed 7
//
// Client and server are in this process and talk over sockets of the loopback
// interface, by HTTP/1.1 and HTTP/2. What a call asks and what goes wrong with
// it follow from its number and the seed, so that a run can be repeated. About
// half of the calls go well. Of every other one it is known how it must end:
//
//   - A broken answer is an error of a kind that says so, with the part that
//     has arrived, all of it and nothing else.
//   - A complete answer is handed over, whatever happens to the connection
//     behind it.
//   - What was delivered is never altered.
//
// The program prints a table of what came: whole answers and errors by kind, for
// each fault. A call is lost when it ended otherwise than it had to, or brought
// less than had arrived. It is wrong when it brought what was not said. Left over
// are bodies that were not closed, calls that the server still answers,
// connections that are open when all idle ones are closed, and goroutines. With
// any of these the exit status is 1.
package main
