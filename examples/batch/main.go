// Command batch judges 10,000 reviews by a batch job. It runs offline: a server
// on the loopback interface plays the service and S3, and loses, refuses and
// cuts some of the records.
//
//	go run .
//
// The program that runs the batch is killed in the middle and started again.
// The second process finds the job of the first one, waits for it, sends the
// failed records again, and prints a table.
package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"strings"

	"github.com/chatmodel-go/chatmodel/bedrock/batch/batchtest"
)

// workerEnv is the variable with the addresses of the service and of S3, for
// the process that is killed.
const workerEnv = "BATCH_EXAMPLE_WORKER"

func main() {
	if addresses := os.Getenv(workerEnv); addresses != "" {
		if err := work(context.Background(), os.Stdout, addresses); err != nil {
			log.Fatal(err)
		}
		return
	}
	if err := run(os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// A cleanup collects functions to call at the end of the example.
type cleanup []func()

func (c *cleanup) Cleanup(f func()) { *c = append(*c, f) }

func (c *cleanup) run() {
	for _, f := range *c {
		f()
	}
}

// run starts the service, and runs the worker twice.
func run(out io.Writer) error {
	var end cleanup
	defer end.run()
	service := batchtest.Start(&end, critic(), &batchtest.Options{Step: 2000})
	service.Inject(trouble())

	fmt.Fprintln(out, "the first run:")
	if err := start(out, service, func(line string) bool { return strings.HasPrefix(line, "4000 of") }); err != nil {
		return err
	}
	fmt.Fprintln(out, "killed; the second run:")
	if err := start(out, service, func(string) bool { return false }); err != nil {
		return err
	}
	fmt.Fprintf(out, "the service has seen %d jobs\n", service.Created())
	return nil
}

// start runs a worker and passes on its output. It kills the worker after a
// line for which kill returns true.
func start(out io.Writer, service *batchtest.Server, kill func(line string) bool) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	worker := exec.Command(self)
	worker.Env = append(os.Environ(), workerEnv+"="+service.URL+" "+service.StoreURL)
	worker.Stderr = os.Stderr
	lines, err := worker.StdoutPipe()
	if err != nil {
		return err
	}
	if err := worker.Start(); err != nil {
		return err
	}
	killed := false
	for scan := bufio.NewScanner(lines); !killed && scan.Scan(); {
		fmt.Fprintln(out, "  "+scan.Text())
		if kill(scan.Text()) {
			killed = true
			worker.Process.Kill()
		}
	}
	err = worker.Wait()
	if _, ok := errors.AsType[*exec.ExitError](err); ok && killed {
		return nil
	}
	return err
}
