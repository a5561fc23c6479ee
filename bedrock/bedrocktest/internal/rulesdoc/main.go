// Command rulesdoc writes RULES.md, the list of the test server's rules and
// models. go generate runs it in bedrocktest.
package main

import (
	"log"
	"os"

	"github.com/chatmodel-go/chatmodel/bedrock/bedrocktest/internal/rules"
)

func main() {
	if err := os.WriteFile("RULES.md", rules.Markdown(), 0o644); err != nil {
		log.Fatal(err)
	}
}
