package conformance_test

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chatmodel-go/chatmodel/conformance"
	"github.com/chatmodel-go/chatmodel/internal/mutate"
	"github.com/chatmodel-go/chatmodel/internal/mutate/fault"
)

// converting are the files of bedrock and model that turn requests and answers
// into others, below the module's root.
var converting = []string{
	"bedrock/adapt.go", "bedrock/body.go", "bedrock/codec.go", "bedrock/converse.go", "bedrock/decode.go", "bedrock/door.go",
	"bedrock/errors.go", "bedrock/exchange.go", "bedrock/frames.go", "bedrock/inline.go", "bedrock/invoke.go", "bedrock/invokestream.go",
	"bedrock/stream.go", "bedrock/unpack.go",
	"bedrock/internal/anthropic/", "bedrock/internal/blocks/", "bedrock/internal/converse/", "bedrock/internal/inline/",
	"bedrock/internal/media/", "bedrock/internal/native/", "bedrock/internal/openai/", "bedrock/internal/plan/",
	"bedrock/internal/prompt/", "bedrock/internal/wire/", "internal/rawjson/",
	"model/accumulate.go", "model/citation.go", "model/error.go", "model/event.go", "model/json.go", "model/message.go", "model/part.go",
	"model/partjson.go", "model/request.go", "model/response.go", "model/stream.go", "model/tool.go", "model/usage.go", "model/validate.go",
}

// serving are those of them that only a server calls, such as the test server,
// to read requests and to write answers, and one that only tests call.
var serving = []string{
	"bedrock/internal/native/nativetest/nativetest.go",
	"bedrock/internal/anthropic/request.go", "bedrock/internal/blocks/encode.go", "bedrock/internal/blocks/source.go", "bedrock/internal/openai/request.go", "bedrock/internal/wire/request.go",
}

// sizing says how much room a body needs. What has too little grows.
const sizing = "bedrock/internal/plan/size.go"

func isConverting(file string) bool {
	return file != sizing && !slices.Contains(serving, file) && slices.ContainsFunc(converting, func(place string) bool {
		return file == place || strings.HasSuffix(place, "/") && strings.HasPrefix(file, place)
	})
}

// faultySubjects are the subjects that faults are looked for with: models over
// each door, and conversations with the real service.
func faultySubjects(t *testing.T) []conformance.Subject {
	all := []conformance.Subject{
		pinned(claudeSubject(), "claude"), pinned(novaSubject(), "nova"), pinned(invokeAnthropicSubject(), "invoke-anthropic"),
		pinned(invokeOpenAISubject(), "invoke-openai"), pinned(llama3Subject(), "prompt-llama3"), pinned(cassettesSubject(t), "cassettes"),
	}
	if os.Getenv("BEDROCK_RECORDINGS") != "" {
		all = append(all, recordedSubject(t))
	}
	for _, models := range []map[string]conformance.Subject{promptModels(), converseModels()} {
		for _, name := range slices.Sorted(maps.Keys(models)) {
			all = append(all, pinned(models[name], name))
		}
	}
	for i := range all {
		all[i].Timeout = 20 * time.Second
	}
	return all
}

// slow are the cases that move megabytes. One subject meets them.
var slow = []conformance.ID{"BAS-43", "TOL-34", "MUL-17"}

// A step is a case on a subject, and what is known of it without a fault.
type step struct {
	Subject int
	Case    conformance.ID
	Took    time.Duration
	Reaches []int // the faults whose places it reaches
}

// Variables by which a child is told what to do, besides fault.Variable.
const (
	stepsVariable = "CHATMODEL_FAULT_STEPS" // a file of steps, to read or, tracing, to write
)

// TestFaultyChild runs in a binary with faults. With one of them switched on
// it runs steps until one fails; tracing, it notes what each step reaches.
func TestFaultyChild(t *testing.T) {
	mode, file := os.Getenv(fault.Variable), os.Getenv(stepsVariable)
	if mode == "" || file == "" {
		t.Skip("this is a part of TestFaults")
	}
	go boundMemory()
	subjects := faultySubjects(t)
	if mode == "trace" {
		writeSteps(t, file, traced(t, subjects))
		return
	}
	byID := map[conformance.ID]conformance.Case{}
	for _, c := range conformance.Cases() {
		byID[c.ID] = c
	}
	for _, s := range readSteps(t, file) {
		if res := conformance.RunCase(t, subjects[s.Subject], byID[s.Case]); res.Status == conformance.Failed {
			found("%s of %s: %s", s.Case, subjects[s.Subject].Name, res.Failure.Symptoms[0])
		}
	}
}

// found tells the parent that a fault was found, and ends the process.
func found(format string, args ...any) {
	fmt.Printf("\nFOUND %s\n", strings.ReplaceAll(fmt.Sprintf(format, args...), "\n", " "))
	os.Exit(3)
}

// boundMemory ends a process in which a fault eats memory.
func boundMemory() {
	for {
		var m runtime.MemStats
		if runtime.ReadMemStats(&m); m.HeapAlloc > 1<<30 {
			found("memory: %d MiB in use", m.HeapAlloc>>20)
		}
		time.Sleep(200 * time.Millisecond)
	}
}

// traced runs all cases on all subjects without a fault, and returns those that
// pass.
func traced(t *testing.T, subjects []conformance.Subject) (all []step) {
	start := fault.Hits() // before any case
	for i, s := range subjects {
		for _, c := range conformance.Cases() {
			if i > 0 && slices.Contains(slow, c.ID) {
				continue
			}
			res := conformance.RunCase(t, s, c)
			reaches := fault.Hits()
			switch {
			case res.Status == conformance.Failed:
				t.Errorf("without a fault %s of %s fails: %v", c.ID, s.Name, res.Failure)
			case res.Status == conformance.Passed || res.Status == conformance.Gap:
				all = append(all, step{i, c.ID, res.Duration, append(reaches, start...)})
			}
		}
	}
	return all
}

func writeSteps(t *testing.T, file string, steps []step) {
	t.Helper()
	data, err := json.Marshal(steps)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func readSteps(t *testing.T, file string) (steps []step) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &steps); err != nil {
		t.Fatal(err)
	}
	return steps
}

// mostFound is how many of a hundred faults are found at least. It may only
// rise: what lives shows where a case is missing.
const mostFound = 92

// besideTests are asked besides, by package: the golden bytes of bedrock, of
// requests, recordings and conversations between models, and all that replays
// recordings or sends answers back; and the goldens of model and of rawjson.
var besideTests = map[string]string{
	"bedrock": "^Test(Goldens|Recorded|FaultyAnswersGoBack|GarbledAnswersGoBack)",
	"model":   "^Test(Golden|PartJSON|EventJSON|ExactBytes|RequestJSON|ResponseJSON|TTLJSON)",

	"internal/rawjson": "^TestGolden",
}

// TestFaults puts faults into the lines of bedrock and model that convert, and
// counts those that conformance, recordings and golden bytes find. They are drawn by a seed,
// which CHATMODEL_FAULT_SEED gives. CHATMODEL_FAULT_SAMPLE gives their number, and
// CHATMODEL_FAULT_IN a part of the path of the files that they are drawn from.
// testdata/equivalent.txt names faults that
// change nothing that anybody could see, with the reason.
func TestFaults(t *testing.T) {
	if os.Getenv("CHATMODEL_FULL") != "1" || os.Getenv(fault.Variable) != "" {
		t.Skip("set CHATMODEL_FULL=1 to look for 300 faults, which takes minutes")
	}
	seed, err := strconv.ParseUint(cmp.Or(os.Getenv("CHATMODEL_FAULT_SEED"), "15"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	size, err := strconv.Atoi(cmp.Or(os.Getenv("CHATMODEL_FAULT_SAMPLE"), "300"))
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	set, err := mutate.Load(root, []string{"./model", "./bedrock", "./bedrock/internal/...", "./internal/rawjson"}, func(file string) bool {
		return isConverting(file) && strings.Contains(file, os.Getenv("CHATMODEL_FAULT_IN"))
	})
	if err != nil {
		t.Fatal(err)
	}
	harmless := equivalents(t)
	h := hunt{t: t, root: root, tmp: t.TempDir(), faults: set.Sample(size, seed), harmless: harmless}
	if err := set.Overlay(h.tmp, h.faults); err != nil {
		t.Fatal(err)
	}
	h.build()
	h.trace()
	outcomes := h.all()
	k, e, apart := 0, 0, 0
	for i, f := range h.faults {
		reason, equivalent := harmless[f.Place()]
		switch {
		case outcomes[i] != "" && equivalent:
			t.Errorf("%v is said to be equivalent (%s), but was found by %s", f, reason, outcomes[i])
		case outcomes[i] != "":
			k++
			if strings.HasPrefix(outcomes[i], beside) {
				apart++
			}
			t.Logf("found    %v\n\tby %s", f, outcomes[i])
		case equivalent:
			e++
			t.Logf("harmless %v\n\t%s", f, reason)
		default:
			t.Logf("LIVES    %v", f)
		}
	}
	fmt.Printf("faults found: %d of %d (%d equivalent, seed %d); %d by the suite, %d by recordings and goldens\n", k, len(h.faults)-e, e, seed, k-apart, apart)
	if n := len(h.faults) - e; 100*k < mostFound*n {
		t.Errorf("%d of %d faults live; at least %d of a hundred are found", n-k, n, mostFound)
	}
}

// equivalents returns the faults that change nothing, by their places, with
// the reasons.
func equivalents(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile("testdata/equivalent.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	place := ""
	for line := range strings.Lines(string(data)) {
		switch line = strings.TrimRight(line, "\n"); {
		case strings.HasPrefix(line, "\t"):
			all[place] = strings.TrimSpace(line)
		case line != "" && !strings.HasPrefix(line, "#"):
			place = line
		}
	}
	return all
}

// A hunt is a search for faults.
type hunt struct {
	t         *testing.T
	root, tmp string
	faults    []mutate.Fault
	harmless  map[string]string // reasons by places
	steps     []step
	beside    []test
}

// A test is one of those of besideTests, and what is known of it without a fault.
type test struct {
	pkg     string
	name    string
	took    time.Duration
	reaches []int
}

// build compiles the tests with all faults in them.
func (h *hunt) build() {
	for _, pkg := range append(slices.Sorted(maps.Keys(besideTests)), "conformance") {
		cmd := exec.Command("go", "test", "-c", "-vet=off", "-overlay", filepath.Join(h.tmp, "overlay.json"), "-o", h.binary(pkg), "./"+pkg)
		cmd.Dir = h.root
		if out, err := cmd.CombinedOutput(); err != nil {
			h.t.Fatalf("building with faults: %v\n%s", err, out)
		}
	}
}

// binary is the file of a package's tests.
func (h *hunt) binary(pkg string) string {
	return filepath.Join(h.tmp, strings.ReplaceAll(pkg, "/", "-")+".test")
}

// child runs tests of a binary with a fault switched on, and returns their
// output.
func (h *hunt) child(pkg, run, mode string, env ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(h.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, h.binary(pkg), "-test.run", run, "-test.failfast", "-test.timeout", "10m")
	cmd.Dir = filepath.Join(h.root, pkg)
	cmd.Env = append(append(os.Environ(), fault.Variable+"="+mode, "GOMAXPROCS=2"), env...)
	return cmd.CombinedOutput()
}

// trace finds out what each step and each of the tests besides reaches.
func (h *hunt) trace() {
	h.t.Helper()
	file := filepath.Join(h.tmp, "trace.json")
	if out, err := h.child("conformance", "^TestFaultyChild$", "trace", oneSample, stepsVariable+"="+file); err != nil {
		h.t.Fatalf("without a fault: %v\n%s", err, out)
	}
	h.steps = readSteps(h.t, file)
	for _, pkg := range slices.Sorted(maps.Keys(besideTests)) {
		names, err := exec.CommandContext(h.t.Context(), h.binary(pkg), "-test.list", besideTests[pkg]).Output()
		if err != nil {
			h.t.Fatal(err)
		}
		for _, name := range strings.Fields(string(names)) {
			h.beside = append(h.beside, h.traceBeside(pkg, name))
		}
	}
	slices.SortStableFunc(h.beside, func(a, b test) int { return cmp.Compare(a.took, b.took) })
}

func (h *hunt) traceBeside(pkg, name string) test {
	h.t.Helper()
	hits := h.binary(pkg) + "-" + name + ".hits"
	start := time.Now()
	if out, err := h.child(pkg, "^"+name+"$", "trace", fault.HitsVariable+"="+hits); err != nil {
		h.t.Fatalf("without a fault, %s: %v\n%s", name, err, out)
	}
	t := test{pkg: pkg, name: name, took: time.Since(start)}
	reached, err := os.ReadFile(hits)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // there is none if no fault is in the package
		h.t.Fatal(err)
	}
	for _, n := range strings.Fields(string(reached)) {
		number, err := strconv.Atoi(n)
		if err != nil {
			h.t.Fatal(err)
		}
		t.reaches = append(t.reaches, number)
	}
	return t
}

// all looks for all faults, two at a time, and returns by what each was found,
// empty if it was not.
func (h *hunt) all() []string {
	outcomes := make([]string, len(h.faults))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for i := range next {
				outcomes[i] = h.one(h.faults[i])
				h.t.Logf("%v: %s", h.faults[i], cmp.Or(outcomes[i], "LIVES"))
			}
		})
	}
	for i := range h.faults {
		next <- i
	}
	close(next)
	wg.Wait()
	return outcomes
}

// one looks for a fault: with cases that reach it, the quick ones first, and with
// recordings and golden bytes.
func (h *hunt) one(f mutate.Fault) string {
	var reach []step
	for _, s := range h.steps {
		if slices.Contains(s.Reaches, f.N) {
			reach = append(reach, step{Subject: s.Subject, Case: s.Case, Took: s.Took})
		}
	}
	slices.SortStableFunc(reach, func(a, b step) int { return cmp.Compare(a.Took, b.Took) })
	quick := min(len(reach), 60)
	if by := h.found(f, "quick", reach[:quick]); by != "" {
		return by
	}
	if by := h.foundBeside(f, func(t test) bool { return t.took < 10*time.Second }); by != "" {
		return by
	}
	if h.harmless[f.Place()] != "" {
		return "" // what is quick is enough to see that the reason is wrong
	}
	if by := h.found(f, "slow", reach[quick:]); by != "" {
		return by
	}
	if by := h.foundBeside(f, func(t test) bool { return t.took >= 10*time.Second }); by != "" {
		return by
	}
	h.t.Logf("%v: %d steps reach it, none finds it", f, len(reach))
	return ""
}

// oneSample has the suite run as it does in go test. The goldens are asked in full.
const oneSample = "CHATMODEL_FULL="

// found looks for a fault with steps of the suite.
func (h *hunt) found(f mutate.Fault, name string, steps []step) string {
	if len(steps) == 0 {
		return ""
	}
	file := filepath.Join(h.tmp, fmt.Sprintf("%s-%d.json", name, f.N))
	data, err := json.Marshal(steps)
	if err != nil {
		return err.Error()
	}
	if err := os.WriteFile(file, data, 0o644); err != nil {
		return err.Error()
	}
	return verdict(h.child("conformance", "^TestFaultyChild$", strconv.Itoa(f.N), oneSample, stepsVariable+"="+file))
}

// beside is how the finds of the tests besides begin.
const beside = "recordings and goldens: "

// foundBeside looks for a fault with those of the tests besides that reach it,
// the quick ones first.
func (h *hunt) foundBeside(f mutate.Fault, use func(test) bool) string {
	for _, t := range h.beside {
		if !slices.Contains(t.reaches, f.N) || !use(t) {
			continue
		}
		if by := verdict(h.child(t.pkg, "^"+t.name+"$", strconv.Itoa(f.N))); by != "" {
			return beside + t.name + ": " + by
		}
	}
	return ""
}

// verdict returns what a child that failed says of it.
func verdict(out []byte, err error) string {
	if err == nil {
		return ""
	}
	first := ""
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		line := lines.Text()
		if by, ok := strings.CutPrefix(line, "FOUND "); ok {
			return cut(by)
		}
		if text := strings.TrimSpace(line); first == "" && (strings.HasPrefix(text, "--- FAIL") || strings.HasPrefix(text, "panic:")) {
			first = text
		}
	}
	return cut(cmp.Or(first, err.Error()))
}

func cut(s string) string {
	if len(s) > 300 {
		return s[:300] + "…"
	}
	return s
}
