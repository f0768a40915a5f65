/**
 * Measures how long passages are looked for in large stores: `deno task retrieval-scale` makes up
 * 100,000 passages (`--passages N`) whose words are distributed as in English, with vectors that lie
 * in clusters, and puts 300 questions to them. It writes `reports/retrieval_scale.json`. Vectors are
 * searched in two ways, so that the choice between them can be checked.
 */

import { join, quantileSorted, Random, sortedFinite, writeFileAtomic } from "../src/base/mod.ts";
import { encoderNames, openEncoder } from "../src/encoders/mod.ts";
import {
  hybridRetriever,
  type PassageEncoder,
  SqlitePassageStore,
  VectorScan,
} from "../src/retrieval/mod.ts";

const SIZE = 384, WORDS = 30_000, LENGTH = 80, CLUSTERS = 500, PART = 100;
const QUESTIONS = 300, WARM = 20, LIMIT = 5;

/** Milliseconds of many calls. */
interface Times {
  readonly p50: number;
  readonly p95: number;
}

const timesOf = (values: readonly number[]): Times => {
  const sorted = sortedFinite(values);
  return { p50: quantileSorted(sorted, 0.5), p95: quantileSorted(sorted, 0.95) };
};

async function measure(calls: number, call: (i: number) => unknown): Promise<Times> {
  const times: number[] = [];
  for (let i = 0; i < calls + WARM; i++) {
    const began = performance.now();
    await call(i);
    if (i >= WARM) times.push(performance.now() - began);
  }
  return timesOf(times);
}

/** A word by its place in Zipf's distribution: as often as one over its rank. */
const wordOf = (random: Random) => `w${Math.floor(WORDS ** random.next())}`;

/** A direction near to one of the clusters' centres. */
function directions(random: Random): () => Float32Array {
  const gaussian = () =>
    Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const unit = (vector: Float32Array) => {
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  const draw = () => Float32Array.from({ length: SIZE }, gaussian);
  const centres = Array.from({ length: CLUSTERS }, () => unit(draw()));
  return () => {
    const centre = centres[random.int(CLUSTERS)];
    return unit(draw().map((value, i) => centre[i] + 0.04 * value));
  };
}

async function main(passages: number): Promise<void> {
  const random = new Random(7);
  const direction = directions(random);
  const folder = await Deno.makeTempDir();
  try {
    const began = performance.now();
    await using store = new SqlitePassageStore(join(folder, "passages.sqlite"));
    await store.prepare({ encoder: "made up", size: SIZE });
    const plain = new Float32Array(passages * SIZE);
    const scan = new VectorScan(SIZE, passages);
    for (let at = 0; at < passages; at += PART) {
      const source = `document_${at}.md`;
      const count = Math.min(PART, passages - at);
      const vectors = new Float32Array(count * SIZE);
      const chunks = Array.from({ length: count }, (_, i) => {
        const vector = direction();
        vectors.set(vector, i * SIZE);
        scan.add(vector);
        const text = Array.from({ length: LENGTH }, () => wordOf(random)).join(" ");
        return { id: `${source}#${i + 1}`, source, title: source, heading: "", position: "", text };
      });
      plain.set(vectors, at * SIZE);
      await store.write({ source, title: source, digest: source, chunks, vectors });
    }
    const build = (performance.now() - began) / 1000;
    // Eight words of which some are common and some are rare, as in questions.
    const questions = Array.from(
      { length: QUESTIONS + WARM },
      () => Array.from({ length: 8 }, () => wordOf(random)).join(" "),
    );
    const vectors = questions.map(() => direction());
    const encoder: PassageEncoder = {
      name: "made up",
      size: SIZE,
      encode: ([text]) => Promise.resolve(vectors[questions.indexOf(text)]),
    };
    const opened = performance.now();
    await store.byVector(vectors[0], LIMIT);
    const open = (performance.now() - opened) / 1000;
    const retriever = await hybridRetriever(store, { encoder });
    await using real = await openEncoder(encoderNames[0]);
    const result = {
      passages,
      build_seconds: build,
      first_search_seconds: open,
      milliseconds: {
        hybrid: await measure(QUESTIONS, (i) => retriever.search(questions[i], { limit: LIMIT })),
        words: await measure(QUESTIONS, (i) => store.byWords(questions[i], 50)),
        vectors: await measure(QUESTIONS, (i) => store.byVector(vectors[i], 50)),
        scan_alone: await measure(QUESTIONS, (i) => scan.nearest(vectors[i], 200)),
        plain_loop: await measure(30, (i) => plainNearest(plain, vectors[i], 200)),
        encode_question: real &&
          await measure(
            100,
            () => real.encode(["How many months of expenses belong in an emergency fund?"]),
          ),
      },
      // How many of the exact best fifty the rounded scan brings.
      recall_of_vectors: await recallOf(store, plain, vectors.slice(0, 30), passages),
      load_average: Deno.loadavg()[0],
    };
    const text = `${JSON.stringify(result, null, 2)}\n`;
    await writeFileAtomic("reports/retrieval_scale.json", text);
    await Deno.stdout.write(new TextEncoder().encode(text));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Rows by their product with a query, all of them, in Float32. */
function plainNearest(rows: Float32Array, query: Float32Array, limit: number): number[] {
  const count = rows.length / SIZE;
  const scores = new Float32Array(count);
  for (let row = 0; row < count; row++) {
    const at = row * SIZE;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < SIZE; i += 4) {
      a += rows[at + i] * query[i];
      b += rows[at + i + 1] * query[i + 1];
      c += rows[at + i + 2] * query[i + 2];
      d += rows[at + i + 3] * query[i + 3];
    }
    scores[row] = a + b + c + d;
  }
  const least = scores.toSorted()[Math.max(0, count - limit)];
  return [...scores.keys()].filter((row) => scores[row] >= least)
    .sort((a, b) => scores[b] - scores[a]).slice(0, limit);
}

async function recallOf(
  store: SqlitePassageStore,
  rows: Float32Array,
  queries: readonly Float32Array[],
  passages: number,
): Promise<number> {
  let found = 0;
  for (const query of queries) {
    const exact = new Set(
      plainNearest(rows, query, 50).map((row) =>
        `document_${row - row % PART}.md#${row % PART + 1}`
      ),
    );
    found += (await store.byVector(query, 50)).filter(({ id }) => exact.has(id)).length;
  }
  return found / (queries.length * Math.min(50, passages));
}

if (import.meta.main) {
  const at = Deno.args.indexOf("--passages");
  await main(at < 0 ? 100_000 : Number(Deno.args[at + 1]));
}
