/**
 * Intents and entities of short messages, served to the same client over kept connections on the
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

const suite: Suite = {
  name: "text",
  description: "Seconds per answer of a server of texts, its client on the same cores; rows are " +
    "the made-up messages that models learned from.",
  requirements: "requirements-text.txt",
  sizes: [600],
  prepare: [
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
  ],
};

export default suite;
