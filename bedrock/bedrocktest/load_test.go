package bedrocktest_test

import (
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chatmodel-go/chatmodel/bedrock"
	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest"
	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
)

// streams runs n streams of 200 words at once and returns how many words arrived.
// AllBegun, if not nil, is called when every stream has brought one.
func streams(tb testing.TB, m model.ChatModel, n int, allBegun func()) int64 {
	tb.Helper()
	var words atomic.Int64
	var begun, done sync.WaitGroup
	begun.Add(n)
	release := make(chan struct{})
	for i := range n {
		done.Go(func() {
			req := &model.Request{Messages: []model.Message{model.User(fmt.Sprint("stream ", i))}}
			got := int64(0)
			for text, err := range m.Stream(tb.Context(), req).Text() {
				if err != nil {
					tb.Errorf("stream %d after %d words: %v", i, got, err)
					break
				}
				if strings.TrimSpace(text) != "word" {
					tb.Errorf("stream %d: word %d is %q", i, got, text)
				}
				if got++; got == 1 {
					begun.Done()
					<-release
				}
			}
			if got == 0 {
				begun.Done()
			}
			words.Add(got)
		})
	}
	begun.Wait()
	if allBegun != nil {
		allBegun()
	}
	close(release)
	done.Wait()
	return words.Load()
}

const wordsPerStream = 200

// TestLoad checks that nothing of 50 simultaneous streams is lost, over each
// transport.
func TestLoad(t *testing.T) {
	for name, start := range transports {
		t.Run(name, func(t *testing.T) {
			s := start(t, fake.New(fake.Text("word"+strings.Repeat(" word", wordsPerStream-1)).Always()), nil)
			m, err := bedrock.New(s.Client(), novaMicro, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := streams(t, m, 50, nil); got != 50*wordsPerStream {
				t.Errorf("%d words arrived", got)
			}
			if n := len(s.Calls()); n != 50 {
				t.Errorf("%d calls for 50 streams", n)
			}
		})
	}
}

// BenchmarkLoad reads 200 streams of 200 deltas at a time through the bedrock
// package, the AWS SDK's client and the server, all in this process. An event
// is a frame. Memory is what client and server together hold for a stream that
// has begun, including the connection's buffers.
func BenchmarkLoad(b *testing.B) {
	const atOnce = 200
	for name, start := range map[string]func(model.ChatModel) *bedrocktest.Server{
		"http": func(m model.ChatModel) *bedrocktest.Server {
			return bedrocktest.Start(b, m, &bedrocktest.Options{Keep: -1})
		},
		"http2": func(m model.ChatModel) *bedrocktest.Server {
			return bedrocktest.StartTLS(b, m, &bedrocktest.Options{Keep: -1})
		},
		"memory": func(m model.ChatModel) *bedrocktest.Server {
			return bedrocktest.InMemory(m, &bedrocktest.Options{Keep: -1})
		},
	} {
		b.Run(name, func(b *testing.B) {
			s := start(fake.New(fake.Text("word" + strings.Repeat(" word", wordsPerStream-1)).Always()))
			m, err := bedrock.New(s.Client(), novaMicro, nil)
			if err != nil {
				b.Fatal(err)
			}
			before := heap()
			var held uint64
			calls := 0
			b.ReportAllocs()
			for b.Loop() {
				calls++
				measure := func() { held += heap() - before }
				if calls > 1 {
					measure = nil
				}
				if got := streams(b, m, atOnce, measure); got != atOnce*wordsPerStream {
					b.Fatalf("%d words arrived, want %d", got, atOnce*wordsPerStream)
				}
			}
			events := float64(calls) * atOnce * (wordsPerStream + 4)
			b.ReportMetric(events/b.Elapsed().Seconds(), "events/s")
			b.ReportMetric(float64(held)/atOnce, "heap-B/stream")
		})
	}
}

// heap returns the bytes of live objects.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
