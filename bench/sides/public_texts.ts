/**
 * Public texts beside the project, as JSON that both sides read: fin-ner and snips with spans,
 * banking77 with intents. What is not there is left out, and its cases have no result.
 */

import { readTable } from "../../src/table/mod.ts";
import { readConll } from "../../src/text/mod.ts";
import { sideArguments } from "./side.ts";

const source = "../shared/data";
const { folder } = sideArguments();

const loans = async (name: string) =>
  readConll(await Deno.readTextFile(`${source}/fin-ner/${name}`), "IOB1");

const messages = async (part: string) => {
  const { columns: { text, category } } = await readTable(`${source}/banking77/${part}.csv`);
  return text.map((text, i) => ({ text, category: category[i] }));
};

/** Requests to a voice assistant: words in one file, their tags in another, line by line. */
const requests = async (part: string) => {
  const [words, tags] = await Promise.all(
    ["in", "out"].map(async (end) =>
      (await Deno.readTextFile(`${source}/snips/${part}/seq.${end}`)).trimEnd().split("\n")
        .map((line) => line.trim().split(/ +/))
    ),
  );
  return readConll(
    words.map((line, i) => line.map((word, k) => `${word} ${tags[i][k]}`).join("\n")).join("\n\n"),
  );
};

for (
  const [name, train, test] of [
    ["fin-ner", () => loans("FIN5.txt"), () => loans("FIN3.txt")],
    ["snips", () => requests("train"), () => requests("test")],
    ["banking77", () => messages("train"), () => messages("test")],
  ] as const
) {
  try {
    for (const [part, read] of [["train", train], ["test", test]] as const) {
      await Deno.writeTextFile(`${folder}/${name}_${part}.json`, JSON.stringify(await read()));
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
