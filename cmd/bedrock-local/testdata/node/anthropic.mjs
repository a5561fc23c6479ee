// Anthropic's SDK for Bedrock against the server at argv[2], by InvokeModel or by
// its stream as argv[3] says. Prints one line of JSON.
import { AnthropicBedrock } from "@anthropic-ai/bedrock-sdk";

const client = new AnthropicBedrock({
  baseURL: process.argv[2], awsRegion: "us-east-1", awsAccessKey: "bedrocktest-access-key", awsSecretKey: "bedrocktest-secret-key",
});
const request = {
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", max_tokens: 4000,
  thinking: { type: "enabled", budget_tokens: 1024 },
  tools: [{ name: "weather", description: "the weather", input_schema: { type: "object" } }],
};

function ask(messages) {
  if (process.argv[3] !== "stream") return client.messages.create({ ...request, messages });
  return client.messages.stream({ ...request, messages }).finalMessage();
}

const messages = [{ role: "user", content: "weather in Köln?" }];
const first = await ask(messages);
const find = (type) => first.content.find((b) => b.type === type);
messages.push({ role: "assistant", content: first.content },
  { role: "user", content: [{ type: "tool_result", tool_use_id: find("tool_use").id, content: "sunny" }] });
const second = await ask(messages);
const third = await ask([{ role: "user", content: "again" }]); // throttled once
const error = await ask([{ role: "user", content: "the end" }]).catch((e) => e);
console.log(JSON.stringify({
  text: find("text").text, thinking: find("thinking").thinking, call: find("tool_use").input, stop: first.stop_reason,
  input: first.usage.input_tokens, cacheRead: first.usage.cache_read_input_tokens, output: first.usage.output_tokens,
  second: second.content[0].text, third: third.content[0].text,
  error: error.headers.get("x-amzn-errortype").split(":")[0] + ": " + error.error.message,
}));
