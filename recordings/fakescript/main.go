// Fakescript turns a recording into a script of fake turns: Go code that a
// person can read, edit and play with package fake. Use it for a test that
// needs the answers and not the wire.
//
//	go run github.com/chatmodel-go/chatmodel/recordings/fakescript testdata/recordings/translate.yaml
//	go run github.com/chatmodel-go/chatmodel/recordings/fakescript -package chat_test -func translate -o translate_test.go translate.yaml
//
// Every exchange of Converse or InvokeModel, streamed or not, becomes one turn:
// its parts, stop reason and usage, or the error that its caller gets. A
// comment above the turn shows the request. The turn has no request id, no
// latency and no fields that only Bedrock has. It has no pieces, because a fake
// itself cuts an answer into pieces. Other exchanges, such as those of
// CountTokens, become comments.
package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/chatmodel-go/chatmodel/internal/recorded"
	"github.com/chatmodel-go/chatmodel/recordings"
)

func main() {
	if err := run(context.Background(), os.Stdout, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "fakescript:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, args []string) error {
	flags := flag.NewFlagSet("fakescript", flag.ContinueOnError)
	pkg := flags.String("package", "main", "the package of the code")
	function := flags.String("func", "turns", "the function that returns the turns")
	out := flags.String("o", "", "the file to write; empty: standard output")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil // the flags have been printed
	} else if err != nil {
		return err
	}
	if flags.NArg() != 1 {
		return fmt.Errorf("got %d cassettes; pass one, the path of a .yaml file", flags.NArg())
	}
	dir, file := filepath.Split(flags.Arg(0))
	if dir == "" {
		dir = "."
	}
	name := strings.TrimSuffix(file, ".yaml")
	cassette, err := recordings.Load(os.DirFS(dir), name)
	if err != nil {
		return err
	}
	code, err := script(ctx, *pkg, *function, name, cassette)
	if err != nil {
		return err
	}
	if *out != "" {
		return os.WriteFile(*out, code, 0o644)
	}
	_, err = w.Write(code)
	return err
}

// script returns the code of a function that returns the turns of a cassette.
func script(ctx context.Context, pkg, function, name string, cassette *recordings.Cassette) ([]byte, error) {
	var turns bytes.Buffer
	for i, e := range cassette.Exchanges {
		a, err := recorded.AnswerOf(ctx, e)
		if err != nil {
			return nil, fmt.Errorf("exchange %d: %w", i, err)
		}
		printTurn(&turns, a)
	}
	var code bytes.Buffer
	fmt.Fprintf(&code, "package %s\n\nimport (\n", pkg)
	for _, imported := range []string{"encoding/json", "time", "", "github.com/chatmodel-go/chatmodel/fake", "github.com/chatmodel-go/chatmodel/model"} {
		switch base := imported[strings.LastIndexByte(imported, '/')+1:]; {
		case imported == "":
			code.WriteString("\n")
		case base == "fake" || bytes.Contains(turns.Bytes(), []byte(base+".")):
			fmt.Fprintf(&code, "\t%q\n", imported)
		}
	}
	fmt.Fprintf(&code, ")\n\n// %s answers as the %s recording %s does.\nfunc %s() []fake.Turn {\n\treturn []fake.Turn{\n", function, cassette.Origin.Kind, name, function)
	code.Write(turns.Bytes())
	code.WriteString("\t}\n}\n")
	formatted, err := format.Source(code.Bytes())
	if err != nil {
		return nil, fmt.Errorf("-package and -func must be Go identifiers: %w", err)
	}
	return formatted, nil
}
