import { ConverseCommand } from "@aws-sdk/client-bedrock-runtime";
import { expect } from "vitest";
import { test } from "./bedrock.mjs";

const ask = (client, text) => client.send(new ConverseCommand({ modelId: "us.anthropic.claude-opus-5", messages: [{ role: "user", content: [{ text }] }] }));

test.concurrent("greets", async ({ bedrock: { client, control } }) => {
  await control("PUT", "script", ["Hello.", { error: { code: "ValidationException", message: "no" } }]);
  expect((await ask(client, "Hi.")).output.message.content).toEqual([{ text: "Hello." }]);
  await expect(ask(client, "Hi?")).rejects.toThrow("no");
  await control("POST", "verify", { calls: [{ text: "Hi." }, { text: "Hi?" }], in_order: true, nothing_else: true });
});

test.concurrent("knows nothing of the other test", async ({ bedrock: { client, control } }) => {
  expect((await ask(client, "echo")).output.message.content).toEqual([{ text: "echo" }]);
  await control("POST", "verify", { calls: [{ text: "echo", times: 1 }], nothing_else: true });
});
