// An agent of Strands against the server at argv[2], by Converse or by
// ConverseStream as argv[3] says. The agent calls the tool itself. Prints one line
// of JSON.
import { Agent, BedrockModel, tool } from "@strands-agents/sdk";
import { z } from "zod";

const model = new BedrockModel({
  modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", region: "us-east-1", maxTokens: 4000, stream: process.argv[3] === "stream",
  additionalRequestFields: { thinking: { type: "enabled", budget_tokens: 1024 } },
  clientConfig: { endpoint: process.argv[2], credentials: { accessKeyId: "bedrocktest-access-key", secretAccessKey: "bedrocktest-secret-key" } },
});
const weather = tool({ name: "weather", description: "the weather", inputSchema: z.object({ city: z.string() }), callback: () => "sunny" });
const agent = () => new Agent({ model, tools: [weather], printer: false });
const textOf = (m) => m.content.filter((b) => b.type === "textBlock").map((b) => b.text).join("");

const first = agent();
const second = await first.invoke("weather in Köln?");
const [, called] = first.messages;
const find = (type) => called.content.find((b) => b.type === type);
const third = await agent().invoke("again"); // throttled once
const error = await agent().invoke("the end").catch((e) => e);
const cause = error.cause ?? error;
const { usage } = called.metadata;
console.log(JSON.stringify({
  text: textOf(called), thinking: find("reasoningBlock").text, call: find("toolUseBlock").input, stop: "tool_use",
  input: usage.inputTokens, cacheRead: usage.cacheReadInputTokens, output: usage.outputTokens,
  second: textOf(second.lastMessage), third: textOf(third.lastMessage), error: cause.name + ": " + cause.message,
}));
