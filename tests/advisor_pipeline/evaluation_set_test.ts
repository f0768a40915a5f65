import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { DataError } from "../../src/base/mod.ts";
import { chunkDocument, readDocuments } from "../../src/retrieval/mod.ts";
import { sectionOf } from "../../pipelines/advisor/evaluate_retrieval.ts";
import {
  checkSources,
  questionKinds,
  readEvaluationSet,
} from "../../pipelines/advisor/evaluation_set.ts";

const path = "pipelines/advisor/evaluation.jsonl";

Deno.test("evaluation set: at least 120 questions of all kinds, whose sources are there", async () => {
  const questions = await readEvaluationSet(path);
  assert(questions.length >= 120, `${questions.length} questions`);
  const counts = Map.groupBy(questions, ({ kind }) => kind);
  for (const kind of questionKinds) {
    assert((counts.get(kind)?.length ?? 0) >= 12, `${kind}: ${counts.get(kind)?.length}`);
  }
  const { documents, refused } = await readDocuments("data/knowledge");
  assertEquals(refused, []);
  assert(documents.length >= 25, `${documents.length} documents`);
  const chunks = documents.flatMap((document) => chunkDocument(document));
  checkSources(questions, new Set(chunks.map(sectionOf)));
  // What an answer is to say stands in one of its sections.
  for (const { id, expect: { says = [], sources = [] } } of questions) {
    const text = chunks.filter((chunk) => sources.includes(sectionOf(chunk)))
      .map(({ text }) => text).join("\n");
    for (const words of says) assert(text.includes(words), `${id} says "${words}", sources do not`);
  }
});

Deno.test("evaluation set: every document tells the date of its facts, in plain text", async () => {
  const { documents } = await readDocuments("data/knowledge");
  for (const { source, blocks } of documents) {
    const text = await Deno.readTextFile(`data/knowledge/${source}`);
    assert(/^facts_as_of: \d{4}-\d{2}-\d{2}$/m.test(text), source);
    assert(blocks.every(({ headings }) => headings.length <= 1), source);
    // No line speaks to a model.
    assert(!/ignore (?:all|your|the)|system prompt/i.test(text), source);
  }
});

Deno.test("evaluation set: a line that is no question is told by its number", async () => {
  const file = await Deno.makeTempFile();
  try {
    const good = {
      ...{ id: "answerable-001", kind: "answerable", question: "What is an EMI?" },
      expect: { behaviour: "answer", sources: ["a.md#b"] },
    };
    const refused = async (lines: unknown[], says: string) => {
      const text = lines.map((line) => typeof line === "string" ? line : JSON.stringify(line));
      await Deno.writeTextFile(file, text.join("\n"));
      await assertRejects(() => readEvaluationSet(file), DataError, says);
    };
    await refused([good, "{"], "line 2 is no JSON");
    await refused([{ ...good, kind: "other" }], "line 1 is no question: kind");
    await refused([{ ...good, more: 1 }], "line 1 is no question");
    await refused([{ ...good, expect: { behaviour: "answer" } }], "answerable expects sources");
    await refused([{ ...good, kind: "injection" }], "injection expects to refuse");
    await refused(
      [good, { ...good, question: "Other words?" }],
      'line 2 has "answerable-001" again',
    );
    await refused([good, { ...good, id: "answerable-002" }], "again, as line 1");
  } finally {
    await Deno.remove(file);
  }
  const [question] = await readEvaluationSet(path);
  assertThrows(() => checkSources([question], new Set()), DataError, "which no document has");
});
