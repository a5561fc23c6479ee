package runnable_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

// A step that lets two goroutines of its own send events is told so; the loop
// body never runs twice at once.
func TestStreamRefusesForeignGoroutines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := fake.New(fake.Text("a b c").Every(time.Second).Always())
		careless := runnable.Func(func(ctx context.Context, in string) (string, error) {
			failed := make(chan error, 2)
			for range 2 {
				go func() {
					_, err := talk(m).Invoke(ctx, in)
					failed <- err
				}()
			}
			return "", errors.Join(<-failed, <-failed)
		})
		_, err := texts(runnable.Stream(t.Context(), careless, "x"))
		wantError(t, err, model.ErrInvalidRequest, "use Parallel, Map or Batch")
		batches := runnable.Func(func(ctx context.Context, in string) (string, error) {
			outcomes := make(chan []runnable.Outcome[string], 2)
			for range 2 {
				go func() { outcomes <- runnable.Batch(ctx, talk(m), []string{in, in}, 2) }()
			}
			all := append(<-outcomes, <-outcomes...)
			return "", errors.Join(all[0].Err, all[1].Err, all[2].Err, all[3].Err)
		})
		_, err = texts(runnable.Stream(t.Context(), batches, "x"))
		wantError(t, err, model.ErrInvalidRequest, "[1]: ")
		if _, err := careless.Invoke(t.Context(), "x"); err != nil {
			t.Errorf("Invoke: %v, want no error where nobody listens", err)
		}
	})
}

// What a goroutine sends after the run has ended goes nowhere, whether it
// began before that or after.
func TestStreamEndedTakesNoEvents(t *testing.T) {
	for _, before := range []time.Duration{0, time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			m := fake.New(fake.Text("a b c d").After(time.Minute).Always())
			late := make(chan error, 1)
			leaky := runnable.Func(func(ctx context.Context, in string) (string, error) {
				go func() {
					time.Sleep(before)
					_, err := talk(m).Invoke(context.WithoutCancel(ctx), in)
					late <- err
				}()
				time.Sleep(time.Second)
				return "done", nil
			})
			if got, err := runnable.Stream(t.Context(), leaky, "x").Result(); got != "done" || err != nil {
				t.Errorf("Result = %q, %v, want done", got, err)
			}
			wantError(t, <-late, model.ErrStopped, "")
		})
	}
}
