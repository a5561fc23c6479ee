package cache_test

import (
	"context"
	"fmt"

	"github.com/chatmodel-go/chatmodel/fake"
	"github.com/chatmodel-go/chatmodel/model"
	"github.com/chatmodel-go/chatmodel/model/cache"
)

// A batch that was interrupted starts again without paying twice. With NewDir
// in place of NewMemory, so does the next process.
func Example() {
	asked := fake.New(fake.Text("Bonjour."), fake.Text("Merci."))
	llm := model.Wrap(asked, cache.New(cache.NewMemory(), nil))
	for range 2 {
		for _, word := range []string{"Hello.", "Thank you."} {
			resp, err := llm.Generate(context.Background(), &model.Request{
				Messages: []model.Message{model.System("Translate to French."), model.User(word)},
			})
			if err != nil {
				fmt.Println(err)
				return
			}
			fmt.Println(word, resp.Text())
		}
	}
	fmt.Println(asked.Calls(), "calls")
	// Output:
	// Hello. Bonjour.
	// Thank you. Merci.
	// Hello. Bonjour.
	// Thank you. Merci.
	// 2 calls
}
