/** Runs exported models of spans with ONNX Runtime: texts to tags. */

import { Tensor } from "onnxruntime-node";
import { ModelError } from "../base/mod.ts";
import { forgetfully, type TokenFeatures, tokenHasher } from "../text/mod.ts";
import type { InputFrame } from "./frame.ts";
import { loadSession, type ModelColumns, type ModelInput } from "./runtime.ts";
import { textTensors } from "./text_inputs.ts";
import { feedTokens, readTokenFacts } from "./token_inputs.ts";

/** A loaded model of spans. */
export interface OnnxSpans {
  /** The column that it reads. */
  readonly inputs: readonly ModelInput[];
  /** Names of its tags; tag 2l + 1 starts a span of label `l`, tag 2l + 2 goes on with it. */
  readonly tags: readonly string[];
  /**
   * What it says of each text: how sure it is, then the tag of each token, −1 beyond the last of
   * them, output by output, shape [1 + tokens of the longest text, texts].
   *
   * @throws {ModelError} if the column is missing or holds something else than texts.
   */
  predict(columns: ModelColumns): Promise<Float64Array>;
  /** Memory for `rows` texts, at least 1; its scores are the outputs of {@linkcode predict}. */
  frame(rows: number): InputFrame;
  /** Frees the model's memory; it cannot predict any more. */
  close(): Promise<void>;
}

/**
 * Ids, those that fill up among them, that a session is given at once: it makes a number for each
 * of them and each tag.
 */
const mostIds = 1 << 16;

/**
 * Loads an exported model of spans.
 *
 * @param source Path of the file, or its bytes.
 * @throws {ModelError} if it cannot be read, or is none.
 *
 * @example
 * ```ts ignore
 * const model = await openSpans("models/ner_v_20261121_101500.onnx");
 * const [confidence, ...tags] = await model.predict({ text: ["Paid ₹500 to Swiggy"] });
 * ```
 */
export async function openSpans(source: string | Uint8Array): Promise<OnnxSpans> {
  const name = typeof source === "string" ? source : "the model";
  const bytes = typeof source === "string" ? await readFile(source) : source;
  const { session } = await loadSession(bytes, name, 1);
  const facts = readTokenFacts(bytes);
  if (facts === undefined || !session.outputNames.includes("tags")) {
    throw new ModelError(`Cannot use ${name}: it finds no spans of texts`, {
      next: "give a model file that the export of a target of spans wrote",
    });
  }
  const { column, rules, tags } = facts;
  const hasherOf = forgetfully(() => tokenHasher(rules));
  const predict = async (texts: readonly string[]) => {
    const hasher = hasherOf();
    const hashed = texts.map((text) => hasher.hash(text));
    const outputs = 1 + hashed.reduce((most, { starts }) => Math.max(most, starts.length), 0);
    const said = new Float64Array(outputs * texts.length).fill(-1);
    for (let from = 0; from < texts.length;) {
      const end = endOfPart(hashed, from);
      const part = hashed.slice(from, end);
      const { ids, tokens, attributes } = feedTokens(hasher, part);
      const results = await session.run({
        [textTensors(column).ids]: new Tensor("int64", ids, [part.length, tokens, attributes]),
      });
      const found = results.tags.data as BigInt64Array;
      const sure = results.confidence.data as Float64Array;
      part.forEach(({ starts }, i) => {
        said[from + i] = sure[i];
        for (let token = 0; token < starts.length; token++) {
          said[(1 + token) * texts.length + from + i] = Number(found[i * tokens + token]);
        }
      });
      from = end;
    }
    return said;
  };
  return {
    inputs: [{ name: column, kind: "text" }],
    tags,
    predict: async (columns) => await predict(textsOfColumn(columns, column)),
    frame(rows) {
      const texts = new Array<string>(rows).fill("");
      return {
        rows,
        columns: [texts],
        async predict() {
          const said = await predict(texts);
          const outputs = said.length / rows;
          const scores = Array.from(
            { length: outputs },
            (_, k) => said.subarray(k * rows, (k + 1) * rows),
          );
          return { labels: [], scores };
        },
      };
    },
    close: () => session.release(),
  };
}

function textsOfColumn(columns: ModelColumns, column: string): string[] {
  const values = columns[column];
  if (values === undefined) {
    throw new ModelError(`Cannot predict: column "${column}" is missing`, {
      next: "give every column that the model reads",
    });
  }
  return Array.from<unknown, string>(values, (value, row) => {
    if (typeof value === "string") return value;
    if (value === null || value === undefined) return "";
    throw new ModelError(
      `Cannot predict: column "${column}" holds ${value} in row ${row + 1}, wanted text`,
      { next: "give texts, null where one is missing" },
    );
  });
}

/** One more than the last text of a part; about 40 attributes are reckoned for a token. */
function endOfPart(hashed: readonly TokenFeatures[], from: number): number {
  let longest = 1;
  let row = from;
  for (; row < hashed.length; row++) {
    longest = Math.max(longest, hashed[row].starts.length);
    if (row > from && longest * 40 * (row + 1 - from) > mostIds) break;
  }
  return row;
}

async function readFile(path: string): Promise<Uint8Array> {
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    throw new ModelError(`Cannot load ${path}: ${(cause as Error).message}`, {
      cause,
      next: "give the path of a model file that the export wrote",
    });
  }
}
