/** Public texts with spans: how good the models are; made-up twins run always. */

import { assert, assertEquals, assertThrows } from "@std/assert";
import { DataError } from "../../src/base/mod.ts";
import { readConll } from "../../src/text/mod.ts";
import { publicData } from "../integration/project.ts";
import { madeUpPayments } from "../../pipelines/ner/generate.ts";
import { readTable } from "../../src/table/mod.ts";
import { exactF1, fitted } from "./tables.ts";

const full = Deno.args.includes("--full");
const loans = await publicData("fin-ner/FIN5.txt");
const snips = await publicData("snips/train/seq.in");

async function conll(name: string) {
  return readConll(await Deno.readTextFile(loans!.replace("FIN5.txt", name)), "IOB1");
}

async function slots(part: string) {
  const read = async (name: string) =>
    (await Deno.readTextFile(snips!.replace("train/seq.in", `${part}/${name}`))).trimEnd().split(
      "\n",
    );
  const [words, tags] = [await read("seq.in"), await read("seq.out")];
  const lines = words.map((line, i) => {
    const own = tags[i].trim().split(/ +/);
    return line.trim().split(/ +/).map((word, k) => `${word} ${own[k]}`).join("\n");
  });
  return readConll(lines.join("\n\n"), "IOB2");
}

const blanks = { split: "blanks" } as const;

Deno.test({
  name: "ner: loan agreements, names by a CRF (needs ../shared/data)",
  ignore: loans === undefined,
  async fn() {
    const model = await fitted(await conll("FIN5.txt"), { kind: "crf" }, blanks);
    const f1 = exactF1(model, await conll("FIN3.txt"));
    // CRFsuite with the templates of the reference gave 0.812; 0.0205 is a standard error here.
    assert(f1 >= 0.82, `${f1}`);
  },
});

Deno.test({
  name: "ner: loan agreements, names by an averaged perceptron (needs ../shared/data)",
  ignore: loans === undefined,
  async fn() {
    const model = await fitted(await conll("FIN5.txt"), { kind: "averagedPerceptron" }, blanks);
    const f1 = exactF1(model, await conll("FIN3.txt"));
    assert(f1 >= 0.79, `${f1}`);
  },
});

Deno.test({
  name: "ner: requests to a voice assistant, 39 slots by a CRF (--full)",
  ignore: !full || snips === undefined,
  async fn() {
    const f1 = exactF1(
      await fitted(await slots("train"), { kind: "crf" }, blanks),
      await slots("test"),
    );
    assert(f1 >= 0.93, `${f1}`);
  },
});

Deno.test({
  name: "ner: requests to a voice assistant, a tenth of them (needs ../shared/data)",
  ignore: snips === undefined,
  async fn() {
    const train = (await slots("train")).filter((_, i) => i % 10 === 0);
    const model = await fitted(
      train,
      { kind: "averagedPerceptron", params: { rounds: 8 } },
      blanks,
    );
    const f1 = exactF1(model, await slots("test"));
    assert(f1 >= 0.75, `${f1}`);
  },
});

Deno.test("ner: made-up payments, by a CRF and a perceptron, that learned others", async () => {
  const read = async (seed: number, count: number) => {
    const path = await Deno.makeTempFile({ suffix: ".csv" });
    await Deno.writeTextFile(path, madeUpPayments(count, seed));
    const { columns } = await readTable(path).finally(() => Deno.remove(path));
    return columns.text.map((text, i) => ({
      text: text as string,
      entities: JSON.parse(columns.entities[i] as string),
    }));
  };
  const [train, test] = [await read(1, 300), await read(2, 200)];
  for (const kind of ["crf", "averagedPerceptron"] as const) {
    const f1 = exactF1(await fitted(train, { kind }), test);
    assert(f1 > 0.9 && f1 <= 1, `${kind} ${f1}`);
  }
});

Deno.test("conll: IOB1 and IOB2 mark the same; what contradicts itself is told by its line", () => {
  const iob1 = "-DOCSTART- O\n\nAsha I-PER\nRao I-PER\nOla B-PER\n, O\n\nPune I-LOC\n";
  const iob2 = "Asha B-PER\nRao I-PER\nOla B-PER\n, O\n\nPune B-LOC\n";
  const read = readConll(iob1, "IOB1");
  assertEquals(read, readConll(iob2));
  assertEquals(read[0].entities, [
    { start: 0, end: 8, label: "PER" },
    { start: 9, end: 12, label: "PER" },
  ]);
  assertEquals(readConll("😀 O\nPune B-LOC")[0].entities, [{ start: 2, end: 6, label: "LOC" }]);
  assertThrows(() => readConll(iob1), DataError, "line 3: I-PER follows O");
  assertThrows(() => readConll("a B-X\nb I-Y"), DataError, "line 2: I-Y follows B-X");
  assertThrows(() => readConll("a B-X\nb"), DataError, 'line 2: "b" ends with no tag');
  assertThrows(() => readConll("a X-Y"), DataError, "ends with no tag");
});
