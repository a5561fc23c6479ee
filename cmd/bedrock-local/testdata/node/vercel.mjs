// The Vercel AI SDK against the server at argv[2], by generateText or by
// streamText as argv[3] says. Prints one line of JSON.
import { createAmazonBedrock } from "@ai-sdk/amazon-bedrock";
import { generateText, streamText, tool } from "ai";
import { z } from "zod";

const bedrock = createAmazonBedrock({
  region: "us-east-1", accessKeyId: "bedrocktest-access-key", secretAccessKey: "bedrocktest-secret-key", baseURL: process.argv[2],
});
const request = {
  model: bedrock("us.anthropic.claude-sonnet-4-5-20250929-v1:0"),
  tools: { weather: tool({ description: "the weather", inputSchema: z.object({ city: z.string() }) }) },
  providerOptions: { bedrock: { reasoningConfig: { type: "enabled", budgetTokens: 1024 } } },
  maxOutputTokens: 4000,
};

async function ask(messages) {
  if (process.argv[3] !== "stream") return generateText({ ...request, messages });
  const r = streamText({ ...request, messages, onError: () => {} });
  for await (const part of r.fullStream) if (part.type === "error") throw part.error;
  const [text, reasoningText, toolCalls, usage, response, finishReason] = await Promise.all(
    [r.text, r.reasoningText, r.toolCalls, r.usage, r.response, r.finishReason]);
  return { text, reasoningText, toolCalls, usage, response, finishReason };
}

const messages = [{ role: "user", content: "weather in Köln?" }];
const first = await ask(messages);
const call = first.toolCalls[0];
messages.push(...first.response.messages, { role: "tool", content: [
  { type: "tool-result", toolCallId: call.toolCallId, toolName: "weather", output: { type: "text", value: "sunny" } }] });
const second = await ask(messages);
const third = await ask([{ role: "user", content: "again" }]); // throttled once
const error = await ask([{ role: "user", content: "the end" }]).catch((e) => e);
const details = first.usage.inputTokenDetails;
console.log(JSON.stringify({
  text: first.text, thinking: first.reasoningText, call: call.input, stop: first.finishReason === "tool-calls" ? "tool_use" : first.finishReason,
  input: details.noCacheTokens, cacheRead: details.cacheReadTokens, output: first.usage.outputTokens,
  second: second.text, third: third.text, error: JSON.parse(error.responseBody).message && "ValidationException: " + error.message,
}));
