// What LangChain's standard tests ask of a chat model, written anew, since its
// suite is not published: run through ChatBedrockConverse against the server at
// argv[2]. Prints one line of JSON: by name, "passed" or why not.
import assert from "node:assert/strict";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { ChatBedrockConverse } from "@langchain/aws";
import { InMemoryCache } from "@langchain/core/caches";
import { AIMessage, AIMessageChunk, HumanMessage, SystemMessage, ToolMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { z } from "zod";

const region = "us-east-1";
const credentials = { accessKeyId: "bedrocktest-access-key", secretAccessKey: "bedrocktest-secret-key" };
const make = (more) => new ChatBedrockConverse({
  model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0", region, credentials, maxTokens: 1000,
  client: new BedrockRuntimeClient({ endpoint: process.argv[2], region, credentials }), ...more,
});
const llm = make();
const human = (text) => new HumanMessage(text);
const textOf = (m) => (typeof m.content === "string" ? m.content : m.content.filter((b) => b.type === "text").map((b) => b.text).join(""));
const collect = async (stream) => { let all; for await (const c of stream) all = all ? all.concat(c) : c; return all; };
const counted = (u) => { assert.ok(u.input_tokens > 0 && u.output_tokens > 0); assert.equal(u.total_tokens, u.input_tokens + u.output_tokens); };
const weather = tool(async ({ city }) => `sunny in ${city}`, { name: "weather", description: "the weather", schema: z.object({ city: z.string() }) });
const openAI = { type: "function", function: { name: "weather", description: "d", parameters: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } } };
const person = z.object({ name: z.string(), age: z.number() });
const personSchema = { title: "person", type: "object", properties: { name: { type: "string" }, age: { type: "number" } }, required: ["name", "age"] };
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const pdf = Buffer.from("%PDF-1.4\n%%EOF").toString("base64");
const called = (m, name) => { assert.equal(m.tool_calls.length, 1); assert.equal(m.tool_calls[0].name, name); assert.ok(m.tool_calls[0].id); return m.tool_calls[0].args; };

const tests = {
  "invoke": async () => { const m = await llm.invoke("hello"); assert.ok(m instanceof AIMessage); assert.equal(textOf(m), "ok"); },
  "invoke with messages": async () => assert.ok(textOf(await llm.invoke([human("hello")])).length > 0),
  "stream": async () => {
    const chunks = []; for await (const c of await llm.stream("tell a story")) chunks.push(c);
    assert.ok(chunks.length > 3 && chunks.every((c) => c instanceof AIMessageChunk));
    assert.equal(textOf(chunks.reduce((a, b) => a.concat(b))), "Once upon a time there was a model that told a story.");
  },
  "batch": async () => { const all = await llm.batch(["hello", "tell a story"]); assert.deepEqual(all.map(textOf), ["ok", "Once upon a time there was a model that told a story."]); },
  "conversation": async () => assert.ok(textOf(await llm.invoke([human("hello"), new AIMessage("hi"), human("how are you?")])).length > 0),
  "system message": async () => assert.ok(textOf(await llm.invoke([new SystemMessage("be brief"), human("hello")])).length > 0),
  "consecutive human messages": async () => assert.ok(textOf(await llm.invoke([human("hello"), human("and?")])).length > 0),
  "stream events": async () => {
    const seen = new Set(); for await (const e of llm.streamEvents("tell a story", { version: "v2" })) seen.add(e.event);
    for (const name of ["on_chat_model_start", "on_chat_model_stream", "on_chat_model_end"]) assert.ok(seen.has(name), name);
  },
  "usage": async () => counted((await llm.invoke("hello")).usage_metadata),
  "usage in a stream": async () => counted((await collect(await llm.stream("tell a story"))).usage_metadata),
  "response metadata": async () => assert.equal((await llm.invoke("hello")).response_metadata.stopReason, "end_turn"),
  "bind tools": async () => assert.equal(typeof called(await llm.bindTools([weather]).invoke("the weather?"), "weather").city, "string"),
  "bind tools in OpenAI's form": async () => assert.equal(typeof called(await llm.bindTools([openAI]).invoke("the weather?"), "weather").city, "string"),
  "bind tools that are runnables": async () => {
    const like = RunnableLambda.from(async ({ city }) => city).asTool({ name: "weather", description: "d", schema: z.object({ city: z.string() }) });
    assert.equal(typeof called(await llm.bindTools([like]).invoke("the weather?"), "weather").city, "string");
  },
  "tool without arguments": async () => {
    const now = tool(async () => "noon", { name: "now", description: "the time", schema: z.object({}) });
    assert.deepEqual(called(await llm.bindTools([now]).invoke("when?"), "now"), {});
  },
  "tool with nested arguments": async () => {
    const schema = z.object({ to: z.array(z.object({ name: z.string(), kind: z.enum(["a", "b"]) })).min(1), urgent: z.boolean() });
    const args = called(await llm.bindTools([tool(async () => "", { name: "mail", description: "d", schema })]).invoke("write"), "mail");
    schema.parse(args);
  },
  "tool calls in a stream": async () => {
    const m = await collect(await llm.bindTools([weather]).stream("think aloud about the weather"));
    assert.ok(m.tool_call_chunks.length === 1 && textOf(m) === "Let me look."); assert.deepEqual(called(m, "weather"), { city: "Köln" });
  },
  "parallel tool calls": async () => assert.deepEqual((await llm.bindTools([weather]).invoke("both cities")).tool_calls.map((c) => c.args.city), ["Oslo", "Rome"]),
  "tool choice by name": async () => called(await llm.bindTools([weather, openAI].slice(0, 1), { tool_choice: "weather" }).invoke("hello"), "weather"),
  "tool choice any": async () => called(await llm.bindTools([weather], { tool_choice: "any" }).invoke("hello"), "weather"),
  "tool results as text": async () => {
    const call = { id: "abc_123", name: "weather", args: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("the weather?"), new AIMessage({ content: "", tool_calls: [call] }), new ToolMessage({ tool_call_id: call.id, content: "sunny" })]);
    assert.equal(textOf(m), "It is sunny.");
  },
  "tool results as a list": async () => {
    const call = { id: "abc_123", name: "weather", args: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("the weather?"), new AIMessage({ content: [{ type: "text", text: "Let me look." }, { type: "tool_use", id: call.id, name: call.name, input: call.args }], tool_calls: [call] }),
      new ToolMessage({ tool_call_id: call.id, content: [{ type: "text", text: "sunny" }] })]);
    assert.equal(textOf(m), "It is sunny.");
  },
  "examples of tool use": async () => {
    const call = { id: "abc_1", name: "weather", args: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("weather in Oslo?"), new AIMessage({ content: "", tool_calls: [call] }), new ToolMessage({ tool_call_id: call.id, content: "rain" }),
      new AIMessage("It rains."), human("tell a story")]);
    assert.ok(textOf(m).startsWith("Once"));
  },
  "its own calls sent back": async () => {
    const bound = llm.bindTools([weather]); const first = await bound.invoke("think aloud about the weather");
    assert.equal(textOf(await bound.invoke([human("think aloud about the weather"), first, await weather.invoke(first.tool_calls[0])])), "It is sunny.");
  },
  "its own streamed calls sent back": async () => {
    const bound = llm.bindTools([weather]); const first = await collect(await bound.stream("think aloud about the weather"));
    assert.equal(textOf(await bound.invoke([human("think aloud about the weather"), first, await weather.invoke(first.tool_calls[0])])), "It is sunny.");
  },
  "parallel results sent back": async () => {
    const bound = llm.bindTools([weather]); const first = await bound.invoke("both cities");
    const results = await Promise.all(first.tool_calls.map((c) => weather.invoke(c)));
    assert.equal(textOf(await bound.invoke([human("both cities"), first, ...results])), "It is sunny.");
  },
  "structured output by zod": async () => person.parse(await llm.withStructuredOutput(person, { name: "person" }).invoke("who?")),
  "structured output by JSON Schema": async () => person.parse(await llm.withStructuredOutput(personSchema, { name: "person" }).invoke("who?")),
  "structured output and what was said": async () => {
    const { raw, parsed } = await llm.withStructuredOutput(person, { name: "person", includeRaw: true }).invoke("who?");
    assert.ok(AIMessage.isInstance(raw)); person.parse(parsed);
  },
  "structured output behind a prompt": async () => person.parse(await ChatPromptTemplate.fromMessages([["human", "{q}"]]).pipe(llm.withStructuredOutput(person)).invoke({ q: "who?" })),
  "structured output in a stream": async () => { let last; for await (const c of await llm.withStructuredOutput(person, { name: "person" }).stream("who?")) last = c; person.parse(last); },
  "images": async () => assert.ok(textOf(await llm.invoke([new HumanMessage({ content: [{ type: "text", text: "what is it?" }, { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] })])).length > 0),
  "images in the standard form": async () => assert.ok(textOf(await llm.invoke([new HumanMessage({ content: [{ type: "text", text: "what is it?" }, { type: "image", source_type: "base64", mime_type: "image/png", data: png }] })])).length > 0),
  "documents in the standard form": async () => assert.ok(textOf(await llm.invoke([new HumanMessage({ content: [{ type: "text", text: "what is it?" }, { type: "file", source_type: "base64", mime_type: "application/pdf", data: pdf, metadata: { name: "paper" } }] })])).length > 0),
  "images in tool results": async () => {
    const call = { id: "abc_123", name: "weather", args: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("the weather?"), new AIMessage({ content: "", tool_calls: [call] }),
      new ToolMessage({ tool_call_id: call.id, content: [{ type: "image_url", image_url: { url: `data:image/png;base64,${png}` } }] })]);
    assert.equal(textOf(m), "It is sunny.");
  },
  "images by URL": async () => assert.ok(textOf(await llm.invoke([new HumanMessage({ content: [{ type: "text", text: "what is it?" }, { type: "image", source_type: "url", url: "https://example.com/a.png" }] })])).length > 0),
  "audio in the standard form": async () => assert.ok(textOf(await llm.invoke([new HumanMessage({ content: [{ type: "text", text: "what is it?" }, { type: "audio", source_type: "base64", mime_type: "audio/wav", data: "UklGRg==" }] })])).length > 0),
  "results in Anthropic's form": async () => {
    const use = { type: "tool_use", id: "abc_123", name: "weather", input: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("the weather?"), new AIMessage({ content: [use] }), new HumanMessage({ content: [{ type: "tool_result", tool_use_id: use.id, content: "sunny" }] })]);
    assert.equal(textOf(m), "It is sunny.");
  },
  "results of tools that failed": async () => {
    const call = { id: "abc_123", name: "weather", args: { city: "Oslo" } };
    const m = await llm.bindTools([weather]).invoke([human("the weather?"), new AIMessage({ content: "", tool_calls: [call] }), new ToolMessage({ tool_call_id: call.id, content: "no network", status: "error" })]);
    assert.equal(textOf(m), "It is sunny.");
  },
  "cache of answers": async () => {
    const cached = make({ cache: new InMemoryCache() });
    const message = new HumanMessage({ content: [{ type: "text", text: "tell a story" }] });
    assert.equal(textOf(await cached.invoke([message])), textOf(await cached.invoke([message])));
  },
  "stop sequences": async () => { const m = await llm.invoke("count", { stop: ["three"] }); assert.equal(textOf(m).trim(), "one two"); assert.equal(m.response_metadata.stopReason, "stop_sequence"); },
  "a limit of tokens": async () => assert.equal((await make({ maxTokens: 2 }).invoke("tell a story")).response_metadata.stopReason, "max_tokens"),
  "a signal to abort": async () => { const c = new AbortController(); setTimeout(() => c.abort(), 50); await assert.rejects(llm.invoke("wait", { signal: c.signal })); },
  "errors": async () => assert.rejects(llm.invoke("fail"), /no such thing/),
  "retries when throttled": async () => assert.ok(textOf(await llm.invoke("busy")).length > 0),
  "names for traces": async () => assert.deepEqual([llm.getLsParams({}).ls_provider, llm.getLsParams({}).ls_model_type], ["amazon_bedrock", "chat"]),
};

const results = {};
for (const [name, test] of Object.entries(tests)) {
  results[name] = await test().then(() => "passed", (e) => `${e.name}: ${e.message.split("\n")[0]}`);
}
console.log(JSON.stringify(results));
