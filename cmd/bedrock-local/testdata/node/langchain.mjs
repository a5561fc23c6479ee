// LangChain.js' ChatBedrockConverse against the server at argv[2], by invoke or
// by stream as argv[3] says. Prints one line of JSON.
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { ChatBedrockConverse } from "@langchain/aws";
import { HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { z } from "zod";

const region = "us-east-1";
const credentials = { accessKeyId: "bedrocktest-access-key", secretAccessKey: "bedrocktest-secret-key" };
const weather = tool(async () => "sunny", { name: "weather", description: "the weather", schema: z.object({ city: z.string() }) });
const llm = new ChatBedrockConverse({
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", region, credentials, maxTokens: 4000,
  client: new BedrockRuntimeClient({ endpoint: process.argv[2], region, credentials }),
  additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1024 } },
}).bindTools([weather]);

async function ask(messages) {
  if (process.argv[3] !== "stream") return llm.invoke(messages);
  let all;
  for await (const chunk of await llm.stream(messages)) all = all ? all.concat(chunk) : chunk;
  return all;
}
const textOf = (m) => (typeof m.content === "string" ? m.content : m.content.filter((b) => b.type === "text").map((b) => b.text).join(""));

const messages = [new HumanMessage("weather in Köln?")];
const first = await ask(messages);
messages.push(first, new ToolMessage({ tool_call_id: first.tool_calls[0].id, content: "sunny" }));
const second = await ask(messages);
const third = await ask([new HumanMessage("again")]); // throttled once
const error = await ask([new HumanMessage("the end")]).catch((e) => e);
const usage = first.usage_metadata;
console.log(JSON.stringify({
  text: textOf(first), thinking: first.content.filter((b) => b.type === "reasoning").map((b) => b.reasoning).join(""),
  call: first.tool_calls[0].args, stop: first.response_metadata.stopReason ?? first.response_metadata.messageStop.stopReason,
  input: usage.input_tokens - usage.input_token_details.cache_read, cacheRead: usage.input_token_details.cache_read, output: usage.output_tokens,
  second: textOf(second), third: textOf(third), error: error.name + ": " + error.message,
}));
