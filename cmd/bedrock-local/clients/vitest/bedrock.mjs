// A Bedrock on localhost for tests with vitest: one server for all of them, and a
// world of its own for each.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { BedrockRuntimeClient } from "@aws-sdk/client-bedrock-runtime";
import { test as base } from "vitest";

const command = process.env.BEDROCK_LOCAL ?? "bedrock-local";

export const test = base.extend({
  server: [async ({}, use) => {
    const child = spawn(command, ["-addr", "127.0.0.1:0", "-log", "off"], { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise((resolve, reject) => {
      child.on("error", reject).on("exit", (code) => reject(new Error(`bedrock-local ended with ${code}`)));
      createInterface(child.stdout).once("line", (line) => resolve(line.replace("listening on ", "")));
    });
    await use(url);
    child.kill();
  }, { scope: "worker" }],
  bedrock: async ({ server, task }, use) => {
    const accessKeyId = "test-" + task.id; // which names the world
    const control = async (method, path, body) => {
      const r = await fetch(`${server}/_local/v1/${path}`, { method, body: JSON.stringify(body), headers: { authorization: `Bearer ${accessKeyId}` } });
      if (!r.ok) throw new Error(await r.text());
      return r.json();
    };
    await control("POST", "reset");
    await use({ control, client: new BedrockRuntimeClient({ endpoint: server, region: "us-east-1", credentials: { accessKeyId, secretAccessKey: "any" } }) });
  },
});
