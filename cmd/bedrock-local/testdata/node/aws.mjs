// The AWS SDK for JavaScript against the server at argv[2], by Converse or by
// ConverseStream as argv[3] says. Prints one line of JSON.
import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand } from "@aws-sdk/client-bedrock-runtime";

const client = new BedrockRuntimeClient({
  endpoint: process.argv[2], region: "us-east-1",
  credentials: { accessKeyId: "bedrocktest-access-key", secretAccessKey: "bedrocktest-secret-key" },
});
const request = {
  modelId: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
  inferenceConfig: { maxTokens: 4000 },
  additionalModelRequestFields: { thinking: { type: "enabled", budget_tokens: 1024 } },
  toolConfig: { tools: [{ toolSpec: { name: "weather", inputSchema: { json: { type: "object" } } } }] },
};
const user = (...content) => ({ role: "user", content });

async function converse(messages, more) {
  const out = await client.send(new ConverseCommand({ ...request, ...more, messages }));
  return { message: out.output.message, usage: out.usage, stop: out.stopReason };
}

async function stream(messages, more) {
  const out = await client.send(new ConverseStreamCommand({ ...request, ...more, messages }));
  const blocks = [];
  let stop, usage;
  const at = (i) => (blocks[i] ??= {});
  for await (const e of out.stream) {
    if (e.contentBlockStart) {
      const b = at(e.contentBlockStart.contentBlockIndex);
      const { toolUseId, name } = e.contentBlockStart.start.toolUse;
      b.toolUse = { toolUseId, name, input: "" };
    } else if (e.contentBlockDelta) {
      const b = at(e.contentBlockDelta.contentBlockIndex), d = e.contentBlockDelta.delta;
      if (d.text !== undefined) b.text = (b.text ?? "") + d.text;
      if (d.toolUse) b.toolUse.input += d.toolUse.input;
      if (d.reasoningContent) {
        b.reasoningContent ??= { reasoningText: { text: "" } };
        if (d.reasoningContent.text) b.reasoningContent.reasoningText.text += d.reasoningContent.text;
        if (d.reasoningContent.signature) b.reasoningContent.reasoningText.signature = d.reasoningContent.signature;
      }
    } else if (e.messageStop) stop = e.messageStop.stopReason;
    else if (e.metadata) usage = e.metadata.usage;
  }
  for (const b of blocks) if (b.toolUse) b.toolUse.input = JSON.parse(b.toolUse.input || "{}");
  return { message: { role: "assistant", content: blocks }, usage, stop };
}

const ask = process.argv[3] === "stream" ? stream : converse;
const messages = [user({ text: "weather in Köln?" })];
const first = await ask(messages);
const find = (kind) => first.message.content.find((b) => b[kind])?.[kind];
messages.push(first.message, user({ toolResult: { toolUseId: find("toolUse").toolUseId, content: [{ text: "sunny" }] } }));
const second = await ask(messages);
const third = await ask([user({ text: "again" })]); // throttled once
const error = await ask([user({ text: "the end" })]).catch((e) => e);
console.log(JSON.stringify({
  text: find("text"), thinking: find("reasoningContent").reasoningText.text, call: find("toolUse").input,
  stop: first.stop, input: first.usage.inputTokens, cacheRead: first.usage.cacheReadInputTokens, output: first.usage.outputTokens,
  second: second.message.content[0].text, third: third.message.content[0].text, error: error.name + ": " + error.message,
}));
