// Command extract reads invoices from letters. It returns typed values,
// validated against the schema of a Go type, and shows partial values while the
// model still writes. It runs offline, on a scripted model:
//
//	go run ./examples/extract
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"strings"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/runnable"
)

func main() {
	if err := run(context.Background(), os.Stdout, scripted()); err != nil {
		log.Fatal(err)
	}
}

// Invoice is the value to read. The tags describe the fields to the model.
type Invoice struct {
	Number string `json:"number" jsonschema:"the number of the invoice, as printed"`
	Lines  []Line `json:"lines"`
}

// Line is a line of an [Invoice].
type Line struct {
	Item  string  `json:"item"`
	Count int     `json:"count" jsonschema:"the number of delivered pieces"`
	Price float64 `json:"price" jsonschema:"the price of one, in euros"`
}

// Total returns the sum of an invoice in euros.
func (i Invoice) Total() float64 {
	var sum float64
	for _, l := range i.Lines {
		sum += float64(l.Count) * l.Price
	}
	return sum
}

// Letter is the input of the prompt.
type Letter struct{ From, Body string }

// scripted plays the model; its answer depends on the sender of the letter. Use
// any other model.ChatModel to have a real model read.
func scripted() model.ChatModel {
	first := fake.Text(`{"number":"A-17","lines":[{"item":"brushes","count":12,"price":2.5},{"item":"paint","count":3,"price":14}]}`).Pieces(30)
	later := fake.Func(func(_ context.Context, req *model.Request) (*model.Response, error) {
		if letter := req.Messages[len(req.Messages)-1].Text(); strings.Contains(letter, "nothing") {
			return &model.Response{Message: model.Assistant("There is no invoice in this letter.")}, nil
		}
		return &model.Response{Message: model.Assistant(`{"number":"7","lines":[{"item":"nails","count":1000,"price":0.01}]}`)}, nil
	}).Always()
	return fake.New(first, later)
}

// newReader returns the chain from a letter to its invoice.
func newReader(llm model.ChatModel) (runnable.Runnable[Letter, Invoice], error) {
	prompt, err := runnable.NewPrompt[Letter](
		runnable.System("Read the invoice in the letter. Take numbers as they are printed."),
		runnable.User("Letter of {{.From}}:\n\n{{.Body}}"),
	)
	if err != nil {
		return nil, err
	}
	extract, err := runnable.Structured[Invoice](llm, nil)
	if err != nil {
		return nil, err
	}
	return runnable.Named("reader", runnable.Pipe(prompt.With(&model.Request{MaxTokens: 1000, Temperature: new(0.0)}), extract)), nil
}

func run(ctx context.Context, out io.Writer, llm model.ChatModel) error {
	reader, err := newReader(llm)
	if err != nil {
		return err
	}
	if err := one(ctx, out, reader, Letter{"Adler", "Please pay for 12 brushes at 2.50 and 3 tins of paint at 14.00. Invoice A-17."}); err != nil {
		return err
	}
	many(ctx, out, reader, []Letter{
		{"Claus", "1000 nails, a cent each. Yours, no. 7"},
		{"Berg", "We owe you nothing."},
	})
	return nil
}

// one reads a letter and prints the invoice while it arrives.
func one(ctx context.Context, out io.Writer, reader runnable.Runnable[Letter, Invoice], letter Letter) error {
	reading := runnable.Stream(ctx, reader, letter)
	for partial, err := range runnable.Partials[Invoice](reading) {
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "so far: %q with %d lines\n", partial.Number, len(partial.Lines))
	}
	invoice, err := reading.Result()
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "invoice %s: %.2f euros\n", invoice.Number, invoice.Total())
	return nil
}

// many reads letters, four at a time. A letter that cannot be read does not
// affect the others.
func many(ctx context.Context, out io.Writer, reader runnable.Runnable[Letter, Invoice], letters []Letter) {
	for i, outcome := range runnable.Batch(ctx, reader, letters, 4) {
		switch e, ok := errors.AsType[*runnable.OutputError](outcome.Err); {
		case ok:
			fmt.Fprintf(out, "letter of %s: the model said %q\n", letters[i].From, e.Text)
		case outcome.Err != nil:
			fmt.Fprintf(out, "letter of %s: %v\n", letters[i].From, outcome.Err)
		default:
			fmt.Fprintf(out, "letter of %s: invoice %s: %.2f euros\n", letters[i].From, outcome.Value.Number, outcome.Value.Total())
		}
	}
}
