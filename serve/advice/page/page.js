// Asks and shows answers as they come. All that is shown is text: no markup of an answer is one.
"use strict";

const at = (id) => document.getElementById(id);
const [talk, status, ask, question, send, stop] = [
  "talk",
  "status",
  "ask",
  "question",
  "send",
  "stop",
].map(at);
const [KEY, CONVERSATION] = ["dinoflow key", "dinoflow advice conversation"];
let key = sessionStorage.getItem(KEY) ?? "";
let conversation = sessionStorage.getItem(CONVERSATION) ?? undefined;
let asking;

const element = (name, props = {}, ...children) => {
  const made = Object.assign(document.createElement(name), props);
  made.append(...children);
  return made;
};
const headers = () => ({
  "Content-Type": "application/json",
  ...(key === "" ? {} : { "X-Api-Key": key }),
});

async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  const wait = response.headers.get("Retry-After");
  return `${told.detail ?? `The server answers ${response.status}`}${
    wait ? `; again in ${wait} s` : ""
  }`;
}

function keep(id) {
  conversation = id ?? undefined;
  if (conversation === undefined) sessionStorage.removeItem(CONVERSATION);
  else sessionStorage.setItem(CONVERSATION, conversation);
  at("remove").hidden = conversation === undefined;
}

/** Events of a stream, cut anywhere. */
async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  while (true) {
    const { done, value } = await reader.read();
    if (done) return;
    held += value;
    const whole = held.split("\n\n");
    held = whole.pop();
    for (const text of whole) {
      const [, name] = /^event: (.*)$/m.exec(text) ?? [];
      const [, data] = /^data: (.*)$/m.exec(text) ?? [];
      if (name !== undefined) yield [name, JSON.parse(data)];
    }
  }
}

/** A text with its references as buttons that open what they refer to. */
function withReferences(text, turn) {
  return text.split(/(\[T?\d+(?:\s*[,;]\s*T?\d+)*\])/).flatMap((part, odd) =>
    odd % 2 === 0 ? [part] : part.slice(1, -1).split(/[,;]/).map((mark) => {
      const name = mark.trim();
      const button = element("button", { type: "button", className: "cite", textContent: name });
      button.setAttribute(
        "aria-label",
        name.startsWith("T") ? `Result ${name.slice(1)}` : `Source ${name}`,
      );
      button.addEventListener("click", () => {
        const opened = turn.parts.get(name);
        if (opened === undefined) return;
        for (const other of turn.parts.values()) other.classList.remove("shown");
        opened.open = true;
        opened.hidden = false;
        opened.classList.add("shown");
        opened.querySelector("summary").focus();
        opened.scrollIntoView({ block: "nearest" });
      });
      return button;
    })
  );
}

function addSources(turn, sources) {
  for (const { number, title, position, source, text, cited } of sources) {
    const name = String(number);
    const known = turn.parts.get(name);
    if (known !== undefined) {
      known.hidden = cited === false;
      continue;
    }
    const part = element(
      "details",
      { hidden: cited === false },
      element("summary", { textContent: `[${name}] ${title}, ${position}` }),
      element("blockquote", { textContent: text }),
      element("p", { className: "note", textContent: source }),
    );
    turn.parts.set(name, part);
    turn.below.append(part);
  }
}

function addTool(turn, { name, input, result }) {
  turn.tools++;
  const mark = `T${turn.tools}`;
  const part = element(
    "details",
    {},
    element("summary", { textContent: `[${mark}] ${name}` }),
    element("pre", { textContent: JSON.stringify({ input, result }, null, 2) }),
  );
  turn.parts.set(mark, part);
  turn.below.append(part);
}

const note = (text, className = "note") => element("p", { className, textContent: text });

function finish(turn, advice) {
  const { answer, refusal, redacted, withheld, disclaimer, notices, sources, id } = advice;
  turn.answer.replaceChildren(...withReferences(answer, turn));
  if (refusal) {
    turn.answer.replaceChildren(
      element(
        "div",
        { className: "refusal" },
        element("p", { textContent: refusal.why }),
        element("p", { textContent: refusal.instead }),
      ),
    );
    turn.below.replaceChildren();
  } else addSources(turn, sources);
  const notes = [];
  if (disclaimer) notes.push(disclaimer);
  if (redacted.length > 0) notes.push(`Taken out of the question: ${redacted.join(", ")}.`);
  if (withheld.length > 0) {
    notes.push(`Left out because no source supports it: ${withheld.length} of its sentences.`);
  }
  turn.below.append(...[...notes, ...notices].map((text) => note(text)));
  if (!refusal && advice.conversation) turn.below.append(rating(id));
  announce(refusal ? refusal.why : "The answer is complete");
}

function rating(answer) {
  const row = element("p", { className: "note" }, "Did it help? ");
  for (const [text, value] of [["Yes", "up"], ["No", "down"]]) {
    const button = element("button", { type: "button", textContent: text });
    button.addEventListener("click", async () => {
      const response = await fetch("/advice/feedback", {
        method: "POST",
        headers: headers(),
        body: JSON.stringify({ answer, rating: value }),
      });
      row.replaceChildren(response.ok ? "Thank you." : await problemOf(response));
    });
    row.append(button, " ");
  }
  return row;
}

/** What a screen reader says, once and not word by word. */
function announce(text) {
  talk.setAttribute("aria-busy", "false");
  status.textContent = "";
  at("state").textContent = text;
}

function addTurn(text) {
  at("start").hidden = true;
  const turn = {
    answer: element("div", { className: "answer" }),
    below: element("div", {}),
    ...{ parts: new Map(), tools: 0, text: "" },
  };
  talk.append(
    element(
      "article",
      {},
      element("p", { className: "question", textContent: text }),
      turn.answer,
      turn.below,
    ),
  );
  return turn;
}

function hear(turn, name, data) {
  if (name === "started") keep(data.conversation);
  else if (name === "sources") {
    addSources(turn, data.sources.map((one) => ({ ...one, cited: false })));
  } else if (name === "tool") addTool(turn, data.tool);
  else if (name === "text") {
    turn.text += data.text;
    turn.answer.replaceChildren(...withReferences(turn.text, turn));
  } else if (name === "retracted") {
    turn.text = "";
    turn.answer.replaceChildren();
  } else if (name === "done") finish(turn, data);
  else if (name === "error") turn.below.append(note(data.detail, "error"));
  at("talk").lastElementChild.scrollIntoView({ block: "end" });
}

async function submit(text) {
  if (asking !== undefined || text.trim() === "") return;
  asking = new AbortController();
  [send.disabled, stop.hidden, status.textContent] = [true, false, ""];
  talk.setAttribute("aria-busy", "true");
  at("state").textContent = "Answering";
  const turn = addTurn(text);
  let done = false;
  try {
    const response = await fetch("/predict/advice", {
      method: "POST",
      signal: asking.signal,
      headers: { ...headers(), "Accept": "text/event-stream" },
      body: JSON.stringify({ question: text, ...(conversation && { conversation }) }),
    });
    if (!response.ok) {
      if (response.status === 401) showKey();
      if (response.status === 404) keep(null);
      throw new Error(await problemOf(response));
    }
    question.value = "";
    for await (const [name, data] of eventsOf(response.body)) {
      done ||= name === "done" || name === "error";
      hear(turn, name, data);
    }
    if (!done) throw new Error("The answer ended too early; ask again");
  } catch (error) {
    const stopped = error.name === "AbortError";
    turn.below.append(note(stopped ? "Stopped." : error.message, stopped ? "note" : "error"));
    announce(stopped ? "Stopped" : "No answer");
  } finally {
    asking = undefined;
    talk.setAttribute("aria-busy", "false");
    [send.disabled, stop.hidden] = [false, true];
    question.focus();
  }
}

function showKey() {
  at("key").hidden = false;
  at("state").textContent = "A key is wanted";
  at("key").elements.key.focus();
}

/** Says how answers come about, and shows the conversation that this tab had. */
async function connect() {
  const response = await fetch("/advice/about", { headers: headers() }).catch(() => undefined);
  if (response === undefined) {
    at("state").textContent = "The server does not answer";
    return;
  }
  if (response.status === 401) return showKey();
  if (!response.ok) {
    at("state").textContent = await problemOf(response);
    return;
  }
  const { mode, model, days, keeps_conversations: keeps } = await response.json();
  at("key").hidden = true;
  at("state").textContent = [
    mode === "model" ? `Answers by ${model} from documents` : "Answers in the words of documents",
    keeps ? `conversations are kept for ${days} days` : "nothing is kept",
  ].join("; ");
  if (conversation === undefined) return keep(null);
  const kept = await fetch(`/advice/conversations/${conversation}`, { headers: headers() });
  if (!kept.ok) return keep(null);
  keep(conversation);
  for (const { question: asked, advice } of (await kept.json()).turns) {
    const turn = addTurn(asked);
    if (advice === undefined) {
      turn.below.append(note("There is no answer: it was cut short."));
      continue;
    }
    addSources(turn, advice.sources);
    for (const tool of advice.tools) addTool(turn, tool);
    const state = at("state").textContent;
    finish(turn, advice);
    at("state").textContent = state;
  }
}

ask.addEventListener("submit", (event) => {
  event.preventDefault();
  submit(question.value);
});
question.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  submit(question.value);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") asking?.abort();
});
stop.addEventListener("click", () => asking?.abort());
for (const button of document.querySelectorAll(".example")) {
  button.addEventListener("click", () => submit(button.textContent));
}
at("key").addEventListener("submit", (event) => {
  event.preventDefault();
  key = at("key").elements.key.value;
  sessionStorage.setItem(KEY, key);
  connect().then(() => at("key").hidden && question.focus());
});
at("new").addEventListener("click", () => {
  asking?.abort();
  keep(null);
  talk.replaceChildren();
  at("start").hidden = false;
  question.focus();
});
at("remove").addEventListener("click", async () => {
  asking?.abort();
  const response = await fetch(`/advice/conversations/${conversation}`, {
    method: "DELETE",
    headers: headers(),
  });
  if (!response.ok && response.status !== 404) {
    status.textContent = await problemOf(response);
    return;
  }
  at("new").click();
  at("state").textContent = "The conversation is deleted";
});
connect();
