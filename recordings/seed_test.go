package recordings_test

import (
	"encoding/json"
	"net/url"
	"os"
	"slices"
	"testing"

	"github.com/chatmodel-go/chatmodel/recordings"
)

// A transcript is a cassette of this package as it was written down from a
// document.
type transcript struct {
	origin    recordings.Origin
	exchanges []recordings.Exchange
}

const (
	chatBedrockPage = "LangChain documentation, page ChatBedrock"
	sonnet35        = "anthropic.claude-3-5-sonnet-20240620-v1:0"
	sonnet4         = "us.anthropic.claude-sonnet-4-20250514-v1:0"
	sonnet37        = "us.anthropic.claude-3-7-sonnet-20250219-v1:0"
)

// The thinking of the page, and its seals.
const (
	thinking1  = "The user wants me to translate \"I love programming\" from English to French.\n\n\"I love\" translates to \"J'aime\" or \"J'adore\" in French\n\"Programming\" translates to \"la programmation\" in French\n\nSo the translation would be \"J'aime la programmation\" or \"J'adore la programmation\"\n\nBoth are correct, but \"J'aime\" is more commonly used for expressing love/liking something."
	signature1 = "EpgECkgIBRABGAIqQDub6nRpiusjbxZONXVlGXg5ZjUY1Eka1Yp4oBBHmRqGjId+StTBPuwD3CXLyb2rUDRhSc3hTpTM4krVqlFZrIsSDI/WLa1mu38DDqt1HRoMUjm+jF+03MZFD+WQIjBZtHaYiqgY0JQgU0NdXDwwBSZX44gXwuX9EDekh12VM1ysq+WxVtkp0WMU0dKCJo4q/QKpguFFlZtEZjF9PftzOgTIyy+1H5pY+Dsb2pnrGtfAgwTR7PuZ/d8ibY0A8ywjVEZtGm+PtcnCJiK53BWxhGYOtxnfN/RRKtuZhvPQj+QQOWeRWqH+GcbeISCgyTYn5WG75fmVL707byjQZ3IuhMfyZWmiTFE2fc4Jn/bxX7OsU+DbTWv2K1a+g7eW+dvQwYzCBO1hfEn4699/CHII8UAcHh1L3bnxOWGKkeVQ0KMfgfwVb0vuGG4QBYKIDs87QL414i69D68DxqCTZAHK4lMA6Xs7zW+m0MMCct4iHRnJI8kat1mlBEpMz6NRo9KacZJXpLJxofIU4ho7R5/QHccdni0IidNkUtrLBSB3toNJoQEcStts2UR67NHTxn47zk1/hi4v4Ahtw9OEQFONaH6XaG1wjpqEdjQ8/Tmg9eB6ZLoQ4sQfhcMF8Uo3hHbBY8jA3jZ+9pa9VbuVbO6Eup8NX3XXZm2nk50OMWX7hBwgBmlZbEew6pWFu7+13EkYAQ=="
	thinking2  = "The user wants me to translate \"I love AI\" from English to French. \n\n\"I love\" translates to \"J'aime\" in French.\n\"AI\" stands for \"Artificial Intelligence\" which in French is \"Intelligence Artificielle\" or abbreviated as \"IA\".\n\nSo the translation would be \"J'aime l'IA\" (using the abbreviation) or \"J'aime l'intelligence artificielle\" (using the full term).\n\nI think using the abbreviation \"IA\" would be more natural and commonly used, similar to how we use \"AI\" in English."
	signature2 = "EoMFCkgIBRABGAIqQOwp9d0YWm8NctfL9lf1MeWR1OxeAKB3Es19Lei2bdHQ4W0ezTK4wVcm/VLM+7kICX2aB9RAmUD5sJxoKHfdX38SDIR/aSJhHZifGOHqwBoMhzNsyPmB7FFNvNESIjBMVRpRUDTFGn5+nL0x5CjWhKA8H/XFnKYRrUyMYb1n7lCQA7BeEjsaWwxZ3YV9rZsq6APuaXaA40Bt+KnpPOo06r72L/DceliRAw1a6cuT5E0Dv0eIAOYblbXaKYn0jy8UzTUuctOP3As/zT5pK5yC+Rx0d2l9kuP3+COERM98u0R04bWn6qh0HcyE+zNc7c4YWkncjdmOxF/j6OxhcMhZEoX2035v9eUJ9+O/u1xaff08YAEfg7TGWrSIwalpjs1mzWA9ijKg8YyjmXjWnMeFn0z6LDqLaaKc+nC8IN9SLwA/eHpf/ayoEgmogn7gWzijW8MDbnlwpQDS75wK7An3RMEcpWD/OXrKb1EhWKEmOBro5BOTGsfK3ZDveRL0aCBINdOu+AHMQDFXJ04cRDEjs9GE3YC218UcFtS42TFO7/Ct5CYCTknETPx93zcGTOM2VPOZ02Uem1A7Nda/Fa4l2b03EUEtwlgske5K1RbeohN9sclxYsxX5nGJ5sSZurVCk9plkyTG3aiPvbohfVVarVgukKoKwoMDYz5rHVscWlUe+qeqJE/H+KKlhtzO+lWWDN4knqeYsZ55flO5Hq4vT20QCYnF8hcUx07ngGKXuGID9n5kFnLsP8sBUHYKm7bmopFFZvfPcmsqiV9yvG/8Ly9DHbmY5ZwxyrbdJCFT6HD6kq/mEBDftZ6dhmyKMimJBfbTj7d3VAILbRgB"
)

// transcripts returns the conversations of the ChatBedrock page: its words,
// seals and counters, in the wire format of the Converse API. The page prints
// what its client made of requests and answers, so keys, order and framing are
// those of the API's documentation.
func transcripts(t *testing.T) map[string]transcript {
	return map[string]transcript{
		"seed/translate":        translation(),
		"seed/translate-stream": translationStream(),
		"seed/thinking":         thinking(),
		"seed/caching":          caching(t),
		"seed/chain":            chain(),
	}
}

func page(model, region, note string) recordings.Origin {
	return recordings.Origin{Source: chatBedrockPage + note, Model: model, Region: region, Date: "2026-11-22"}
}

// converse is an exchange of the Converse API with the page's request id.
func converse(o recordings.Origin, requestID string, request, response object) recordings.Exchange {
	header := jsonHeader()
	if requestID != "" {
		header.Set("X-Amzn-Requestid", requestID)
	}
	return recordings.Exchange{
		URL:           endpoint(o, "converse"),
		RequestHeader: jsonHeader(), RequestBody: encoded(request),
		ResponseHeader: header, ResponseBody: encoded(response),
	}
}

func endpoint(o recordings.Origin, operation string) string {
	return "https://bedrock-runtime." + o.Region + ".amazonaws.com/model/" + url.PathEscape(o.Model) + "/" + operation
}

type object = map[string]any

func encoded(v any) []byte {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return data
}

func message(role string, content ...object) object { return object{"role": role, "content": content} }
func text(s string) object                          { return object{"text": s} }

func reasoning(text, signature string) object {
	return object{"reasoningContent": object{"reasoningText": object{"text": text, "signature": signature}}}
}

// answer is the body of an answer of Converse.
func answer(latency int, usage object, content ...object) object {
	return object{
		"metrics": object{"latencyMs": latency}, "output": object{"message": message("assistant", content...)},
		"stopReason": "end_turn", "usage": usage,
	}
}

func tokens(input, output int) object {
	return object{"inputTokens": input, "outputTokens": output, "totalTokens": input + output,
		"cacheReadInputTokens": 0, "cacheWriteInputTokens": 0}
}

func toFrench(messages ...object) object {
	return object{
		"system":   []object{text("You are a helpful assistant that translates English to French. Translate the user sentence.")},
		"messages": append([]object{message("user", text("I love programming."))}, messages...),
	}
}

func translation() transcript {
	o := page(sonnet35, "us-east-1", "")
	return transcript{o, []recordings.Exchange{
		converse(o, "b07d1630-06f2-44b1-82bf-e82538dd2215", toFrench(), answer(488, tokens(29, 11), text("J'adore la programmation."))),
	}}
}

func translationStream() transcript {
	o := page(sonnet35, "us-east-1", "")
	stream := slices.Concat(
		testFrame("messageStart", `{"role":"assistant"}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"J"}}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":"'adore la"}}`),
		testFrame("contentBlockDelta", `{"contentBlockIndex":0,"delta":{"text":" programmation."}}`),
		testFrame("contentBlockStop", `{"contentBlockIndex":0}`),
		testFrame("messageStop", `{"stopReason":"end_turn"}`),
		testFrame("metadata", string(encoded(object{"metrics": object{"latencyMs": 600}, "usage": tokens(29, 11)}))))
	return transcript{o, []recordings.Exchange{{
		URL:           endpoint(o, "converse-stream"),
		RequestHeader: jsonHeader(), RequestBody: encoded(toFrench()),
		ResponseHeader: streamHeader(), ResponseBody: stream,
	}}}
}

// thinking is the page's conversation of two turns: the second request holds
// the first answer's thinking with its signature.
func thinking() transcript {
	o := page(sonnet4, "us-west-2", "")
	settings := func(request object) object {
		request["inferenceConfig"] = object{"maxTokens": 4096}
		request["additionalModelRequestFields"] = object{"thinking": object{"type": "enabled", "budget_tokens": 1024}}
		return request
	}
	first := []object{reasoning(thinking1, signature1), text("J'aime la programmation.")}
	second := []object{reasoning(thinking2, signature2), text("J'aime l'IA.")}
	return transcript{o, []recordings.Exchange{
		converse(o, "169ca92f-19c9-480c-9fc3-4e5284507e67", settings(toFrench()), answer(2839, tokens(58, 122), first...)),
		converse(o, "023799d6-7ed5-4e49-8ad7-7460a49a9a45",
			settings(toFrench(message("assistant", first...), message("user", text("I love AI")))), answer(3473, tokens(75, 153), second...)),
	}}
}

// caching is the page's prompt sent twice. Of the answers the page prints the
// cache counters alone, and its prompt holds a file that it does not print: the
// text of the quickstart stands in for that, a sentence for the answers, and
// the counters that are not printed are 0.
func caching(t *testing.T) transcript {
	o := page(sonnet37, "us-east-1", "; prompt and answer text are stand-ins, counters other than the cache's are not on the page")
	about, err := os.ReadFile("../examples/quickstart/about.txt")
	if err != nil {
		t.Fatal(err)
	}
	request := object{"messages": []object{message("user",
		text("What's chatmodel, according to its description?"), text(string(about)),
		object{"cachePoint": object{"type": "default"}})}}
	usage := func(write, read int) object {
		return object{"inputTokens": 0, "outputTokens": 0, "totalTokens": write + read,
			"cacheWriteInputTokens": write, "cacheReadInputTokens": read}
	}
	said := text("(The page does not print the answer.)")
	return transcript{o, []recordings.Exchange{
		converse(o, "", request, answer(0, usage(1528, 0), said)),
		converse(o, "", request, answer(0, usage(0, 1528), said)),
	}}
}

func chain() transcript {
	o := page(sonnet35, "us-east-1", "")
	request := object{
		"system":   []object{text("You are a helpful assistant that translates English to German.")},
		"messages": []object{message("user", text("I love programming."))},
	}
	return transcript{o, []recordings.Exchange{
		converse(o, "1de3d7c0-8062-4f7e-bb8a-8f725b97a8b0", request,
			answer(719, tokens(23, 19), text("Here's the German translation:\n\nIch liebe das Programmieren."))),
	}}
}
