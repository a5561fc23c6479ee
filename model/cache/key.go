package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chatmodel-go/chatmodel/model"
)

// keyOf returns the key of a request to a model, or why there is none.
func keyOf(salt string, m model.ChatModel, req *model.Request) (string, error) {
	info, ok := model.InfoOf(m)
	if !ok || info.Provider == "" || info.Model == "" {
		return "", errors.New("the model does not say which one it is")
	}
	body, err := json.Marshal(req)
	if err != nil {
		return "", fmt.Errorf("the request has no JSON: %w", err)
	}
	h := sha256.New()
	part := func(data []byte) { // with its length, so that no two lists of parts are alike
		fmt.Fprintf(h, "%d\n", len(data))
		h.Write(data)
	}
	for _, s := range []string{"chatmodel answer 1", salt, info.Provider, info.Model, info.API} {
		part([]byte(s))
	}
	part(body)
	for i, o := range req.ProviderOptions {
		data, err := render(o)
		if err != nil {
			return "", fmt.Errorf("provider_options[%d]: %w", i, err)
		}
		part(data)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
