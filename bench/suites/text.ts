/**
 * Intents and entities of short messages, learned from public texts, those of ../shared/data, and
 * served, as models of made-up messages, to the same client over kept connections on the
 * same cores: each request one text. A sentence encoder is to be fetched first, by
 * `deno task encoder`. Every server has one or two workers, whichever answers more
 * requests. The peers learn from the same made-up texts; their answers need not be
 * ours. Ours has metrics, a line of the log for each request, and the prediction log.
 *
 * `bench/python/serving.py` tells what seconds, quality and memory are.
 */

import type { BenchCase, Command, Peer, Suite } from "../suite.ts";

const serving = (server: string, model: string, connections: number): Command => ({
  script: "python/serving.py",
  options: { server, model, connections, asked: `asked_${model}.json` },
});

const asked = (
  name: string,
  model: string,
  connections: number,
  peers: Readonly<Record<string, readonly [server: string, ...packages: string[]]>>,
): Pick<BenchCase, "name" | "ours" | "peers" | "rounds"> => ({
  name: `${name}, ${connections === 1 ? "1 connection: median" : `${connections} connections`}`,
  ours: serving("texts", model, connections),
  peers: Object.fromEntries(
    Object.entries(peers).map(([peer, [server, ...packages]]): [string, Peer] => [
      peer,
      { command: serving(server, model, connections), packages: ["fastapi", ...packages] },
    ]),
  ),
  rounds: 1,
});

const intents = { "FastAPI + scikit-learn": ["sklearn", "scikit-learn"] } as const;
const encoded = {
  "FastAPI + ONNX Runtime": ["onnx", "onnxruntime", "tokenizers", "scikit-learn"],
} as const;
const entities = {
  "FastAPI + sklearn-crfsuite": ["crfsuite", "sklearn-crfsuite"],
  "FastAPI + spaCy": ["spacy", "spacy"],
} as const;

/** Learned from public texts; quality is to reach a least one, and to lie above the peer's. */
const learned = (
  name: string,
  data: string,
  peer: Readonly<Record<string, Peer>>,
  { timeRatio, least }: { readonly timeRatio: number; readonly least: number },
): BenchCase => ({
  name,
  ours: { script: "sides/learn_texts.ts", options: { data } },
  peers: peer,
  quality: data === "banking77" ? "macro-F1" : "span F1",
  target: {
    timeRatio,
    quality: {
      wanted: `at least ${least}, and above the peer's`,
      holds: (ours, peers) => ours >= least && ours > Math.max(...peers),
    },
  },
  rounds: 1,
});

const tagger = (peer: string, data: string, ...packages: string[]): Peer => ({
  command: { script: "python/find_spans.py", options: { peer, data } },
  packages,
});

/** Both taggers; a target is one for all peers of a case, so each is a case. */
const tagged = (data: string, least: number): BenchCase[] => [
  learned(`CRF, ${data}`, data, {
    "sklearn-crfsuite": tagger("crfsuite", data, "sklearn-crfsuite"),
  }, { timeRatio: 2, least }),
  learned(`CRF, ${data}, or a network`, data, { spaCy: tagger("spacy", data, "spacy") }, {
    ...{ timeRatio: 10, least },
  }),
];

const suite: Suite = {
  name: "text",
  description:
    "Seconds per answer of a server of texts, its client on the same cores, and of fits to " +
    "public texts with their features. Rows are the made-up messages that served models learned " +
    "from.",
  requirements: "requirements-text.txt",
  sizes: [600],
  prepare: [
    { script: "sides/public_texts.ts" },
    { script: "sides/served_texts.ts" },
    { script: "python/serving_texts_spacy_learn.py" },
  ],
  cases: [
    { ...asked("intent", "intent", 32, intents), quality: "p99 in ms", target: { timeRatio: 1 } },
    asked("intent", "intent", 1, intents),
    {
      ...asked("intent, encoded", "intent_encoded", 32, encoded),
      quality: "p99 in ms",
      target: { timeRatio: 1 },
    },
    asked("intent, encoded", "intent_encoded", 1, encoded),
    { ...asked("entities", "ner", 32, entities), quality: "p99 in ms", target: { timeRatio: 1 } },
    asked("entities", "ner", 1, entities),
    learned("linear SVM, banking77", "banking77", {
      "scikit-learn": {
        command: { script: "python/classify_texts.py", options: { data: "banking77" } },
        packages: ["scikit-learn"],
      },
    }, { timeRatio: 1, least: 0.915 }),
    ...tagged("fin-ner", 0.82),
    ...tagged("snips", 0.93),
  ],
};

export default suite;
