"use strict";

const talk = document.getElementById("talk");
const form = document.getElementById("form");
const text = document.getElementById("text");
const send = document.getElementById("send");
const stop = document.getElementById("stop");
let chat = null; // the id of the conversation

// add shows a line. It is always text, never HTML: models write what they like.
function add(kind, words) {
  const line = document.createElement("p");
  line.className = kind;
  line.textContent = words;
  talk.append(line);
  return line;
}

async function post(path, body, signal) {
  const answer = await fetch(path, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body), signal,
  });
  if (!answer.ok) throw new Error((await answer.json()).error);
  return answer;
}

// events yields the server-sent events of an answer. EventSource can only GET.
async function* events(answer) {
  const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    for (let end; (end = rest.indexOf("\n\n")) >= 0; rest = rest.slice(end + 2)) {
      const event = { name: "", data: null };
      for (const line of rest.slice(0, end).split("\n")) {
        if (line.startsWith("event: ")) event.name = line.slice(7);
        if (line.startsWith("data: ")) event.data = JSON.parse(line.slice(6));
      }
      yield event;
    }
  }
}

// words returns an event's piece of text. Pieces are cut anywhere; where that is
// within a character, its bytes come instead, and the rest with the next piece.
function words(e, seen) {
  if (e.bytes === undefined) return e.text || "";
  return seen.decoder.decode(Uint8Array.from(atob(e.bytes), (c) => c.charCodeAt(0)), { stream: true });
}

// show takes in one event of an answer.
function show(event, seen) {
  const e = event.data;
  const at = `${seen.round} ${e.step} ${e.index}`;
  if (event.name === "done") {
    const u = e.usage;
    document.getElementById("bill").textContent = u
      ? `${e.cost} so far: ${u.input_tokens} tokens in, ${u.cache_read_tokens || 0} of them from the cache, ${u.output_tokens} out`
      : `${e.cost} so far`;
  } else if (event.name === "failed") {
    add("assistant error", e.error);
  } else if (e.progress !== undefined) {
    const name = e.step.split("/").pop();
    (seen.lines[at] ||= add("tool", "")).textContent = `${name}: ${e.progress}`;
  } else if (e.kind === "text") {
    if (seen.results) { // the next step of the model
      seen.round++;
      seen.results = false;
      return show(event, seen);
    }
    (seen.lines[at] ||= add("assistant", "")).textContent += words(e, seen);
  } else if (e.kind === "part" && e.part.type === "tool_result") {
    const name = e.step.split("/").pop();
    const line = seen.lines[`${seen.round} ${e.step} undefined`] ||= add("tool", ""); // where its progress is
    line.textContent = e.part.is_error ? `${name} failed: ${e.part.parts[0].text}` : `${name}: done`;
    line.classList.toggle("error", !!e.part.is_error);
    seen.results = true;
  }
}

async function ask(question) {
  add("user", question);
  document.body.dataset.state = "busy";
  send.hidden = true;
  stop.hidden = false;
  const leave = new AbortController();
  stop.onclick = () => leave.abort();
  const seen = { lines: {}, round: 0, results: false, decoder: new TextDecoder() };
  try {
    chat ??= (await (await post("chats", {})).json()).id;
    for await (const event of events(await post(`chats/${chat}/messages`, { text: question }, leave.signal))) show(event, seen);
  } catch (err) {
    add("assistant error", err.name === "AbortError" ? "stopped" : err.message);
  }
  send.hidden = false;
  stop.hidden = true;
  document.body.dataset.state = "idle";
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (document.body.dataset.state === "busy") return;
  const question = text.value;
  text.value = "";
  ask(question);
});

// A link may bring a question, as in /?ask=Lisbon.
const asked = new URLSearchParams(location.search).get("ask");
if (asked) ask(asked);
