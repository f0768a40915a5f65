import { assert, assertEquals, assertRejects } from "@std/assert";
import type { ChatModel, ChatRequest } from "../../src/advisor/mod.ts";
import { judgeAnswers } from "../../pipelines/advisor/judge_answers.ts";

/** A judge that says what it was told to, in pieces, and keeps what it was asked. */
function judgeOf(...verdicts: string[]): ChatModel & { readonly asked: ChatRequest[] } {
  const asked: ChatRequest[] = [];
  return {
    name: "some/judge:7b",
    asked,
    async *chat(request) {
      request.signal.throwIfAborted();
      const said = verdicts[asked.push(request) - 1];
      for (const text of [said.slice(0, 3), said.slice(3)]) yield { kind: "text", text };
      yield {
        kind: "end",
        end: { reason: "stop" },
        usage: { inputTokens: 1, outputTokens: 1, estimated: false },
      };
    },
  };
}

const texts = ["a", "b", "c", "d"].map((id) => ({
  ...{ id, question: `question ${id}`, answer: `answer ${id}`, evidence: [`passage ${id}`] },
}));

Deno.test("judge: verdicts are counted, one that cannot be read is none", async () => {
  const judge = judgeOf("SUPPORTED", "UNSUPPORTED", "Well, it depends.", "It is SUPPORTED.");
  assertEquals(await judgeAnswers(judge, texts), {
    ...{ figure: "judge_some_judge_7b_supported", supported: 2 / 3, unread: 1 },
    unsupported: ["b"],
  });
  assertEquals(judge.asked.length, 4);
  const [{ text }] = judge.asked[1].messages as readonly { text: string }[];
  for (const part of ["question b", "answer b", "passage b"]) assert(text.includes(part));
});

Deno.test("judge: it is sent no personal data", async () => {
  const judge = judgeOf("SUPPORTED");
  await judgeAnswers(judge, [{ ...texts[0], question: "My PAN is ABCPK1234F. What is 80C?" }]);
  const [{ text }] = judge.asked[0].messages as readonly { text: string }[];
  assert(text.includes("[PAN]") && !text.includes("ABCPK1234F"), text);
});

Deno.test("judge: no verdict at all is no share, and a signal ends it", async () => {
  const { supported, unread } = await judgeAnswers(judgeOf("?", "?", "?", "?"), texts);
  assertEquals([supported, unread], [NaN, 4]);
  const signal = AbortSignal.abort(new Error("stopped"));
  await assertRejects(() => judgeAnswers(judgeOf(), texts, { signal }), Error, "stopped");
});
