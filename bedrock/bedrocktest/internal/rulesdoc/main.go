// Command rulesdoc writes RULES.md, which lists what the test server refuses
// and believes of models. It is run by go generate in bedrocktest.
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
