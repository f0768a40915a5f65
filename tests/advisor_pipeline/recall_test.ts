/** What is found of the committed questions in the committed documents. */

import { assert } from "@std/assert";
import { encodersFolder, knownEncoder, openEncoder, readEncoder } from "../../src/encoders/mod.ts";
import { readDocuments, SqlitePassageStore, updateStore } from "../../src/retrieval/mod.ts";
import { encoderName } from "../../pipelines/advisor/build.ts";
import { evaluateRetrieval } from "../../pipelines/advisor/evaluate_retrieval.ts";
import { readEvaluationSet } from "../../pipelines/advisor/evaluation_set.ts";

const questions = await readEvaluationSet("pipelines/advisor/evaluation.jsonl");
const fetched = await readEncoder(encoderName, encodersFolder) !== undefined;

async function scoresOf(encoder: Awaited<ReturnType<typeof openEncoder>>) {
  const path = await Deno.makeTempFile();
  try {
    await using store = new SqlitePassageStore(path);
    const { documents } = await readDocuments("data/knowledge");
    await updateStore(store, documents, { ...encoder && { encoder } });
    const found = await evaluateRetrieval(store, questions, { ...encoder && { encoder } });
    return new Map(found.scores.map((scores) => [scores.mode, scores]));
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("recall: by words alone, above 0.8 in the first five", async () => {
  const words = (await scoresOf(undefined)).get("words")!;
  assert(words.recall_at_5 > 0.8, JSON.stringify(words));
  assert(words.recall_at_10 >= words.recall_at_5 && words.recall_at_5 >= words.recall_at_1);
});

Deno.test({
  name: `recall: both ways together reach 0.9, and are above each alone${
    fetched ? "" : " (needs the encoder)"
  }`,
  ignore: !fetched,
  async fn() {
    await using encoder = await openEncoder(encoderName);
    assert(encoder!.size === knownEncoder(encoderName).size);
    const scores = await scoresOf(encoder);
    const [hybrid, words, vectors] = (["hybrid", "words", "vectors"] as const)
      .map((mode) => scores.get(mode)!);
    const told = JSON.stringify([hybrid, words, vectors]);
    assert(hybrid.recall_at_5 >= 0.9, told);
    assert(hybrid.recall_at_5 > words.recall_at_5, told);
    assert(hybrid.recall_at_5 > vectors.recall_at_5, told);
  },
});
