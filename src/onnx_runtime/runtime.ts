/** What sessions of ONNX Runtime share: how a file is loaded and fed with raw columns. */

import { InferenceSession, Tensor } from "onnxruntime-node";
import { ModelError } from "../base/mod.ts";
import type { HashedText, NgramRules } from "../text/mod.ts";
import { feedTexts, hashTexts, readTextFeeds, type TextFeeds, textTensors } from "./text_inputs.ts";
import type { SentenceTokenizer } from "../encoders/mod.ts";

/** A column of raw values; null is a missing value. */
export type ModelColumn = Float32Array | readonly (number | null)[] | readonly (string | null)[];

/** Columns of raw values by name, all of one length. */
export type ModelColumns = Readonly<Record<string, ModelColumn>>;

/** A raw column that a model reads. */
export interface ModelInput {
  /** Name of the column. */
  readonly name: string;
  /** What it holds. */
  readonly kind: "number" | "text";
}

/** A raw column, and how it is fed: the rank of its tensor, or the rules and tokenizer of free text. */
export type RankedInput = ModelInput & {
  readonly rank: number;
  readonly rules?: NgramRules;
  readonly tokenize?: SentenceTokenizer;
};

/** A session, and the rules of the columns of free text that it reads. */
export interface LoadedSession {
  readonly session: InferenceSession;
  readonly rules: TextFeeds;
}

/**
 * Starts a session.
 *
 * @param name What messages call the model.
 * @throws {ModelError} if the source cannot be read or is no model.
 */
export async function loadSession(
  source: string | Uint8Array,
  name: string,
  threads: number,
): Promise<LoadedSession> {
  try {
    const bytes = typeof source === "string" ? await Deno.readFile(source) : source;
    const session = await InferenceSession.create(bytes, {
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      // Errors reach the caller as exceptions; ONNX Runtime need not print them too.
      logSeverityLevel: 4,
    });
    return { session, rules: readTextFeeds(bytes) };
  } catch (cause) {
    const found = cause instanceof Error ? cause.message : String(cause);
    throw new ModelError(`Cannot load ${name}: ${found}`, {
      cause,
      next: "give the path of a model file that the export wrote",
    });
  }
}

/**
 * The raw columns that a session reads.
 *
 * @param rules What the file says of columns of free text.
 * @throws {ModelError} if one is neither float nor text.
 */
export function rankedInputs(
  session: InferenceSession,
  name: string,
  rules: TextFeeds,
): RankedInput[] {
  const texts = new Map(
    Object.entries(rules).flatMap(([column, own]) => {
      const { ids, weights, pieces } = textTensors(column);
      const input = { name: column, kind: "text" as const, rank: 2, ...own };
      return [[ids, input], [weights, undefined], [pieces, undefined]] as const;
    }),
  );
  return session.inputMetadata.flatMap((input) => {
    if (texts.has(input.name)) return texts.get(input.name) ?? [];
    if (!input.isTensor || (input.type !== "float32" && input.type !== "string")) {
      throw unusable(name, `input "${input.name}" is neither float nor text`);
    }
    const kind = input.type === "string" ? "text" : "number";
    return { name: input.name, kind, rank: input.shape.length };
  });
}

/** Results of some of the rows that a session was given. */
export interface PartResults {
  /** The first of the rows. */
  readonly from: number;
  readonly results: InferenceSession.OnnxValueMapType;
}

/**
 * N-grams, those that fill rows up among them, that a session is given at once: it makes a number
 * for each of them and each class.
 */
const mostNgrams = 1 << 17;

/**
 * Runs a session: on all rows at once, of free texts on as many as stay within bounds.
 *
 * @param outputs The results that are wanted; all where they are left out.
 * @throws {ModelError} if a column is missing, holds values of another
 * kind, or differs in length.
 */
export async function* runParts(
  session: InferenceSession,
  inputs: readonly RankedInput[],
  columns: ModelColumns,
  outputs?: readonly string[],
): AsyncGenerator<PartResults> {
  const rows = rowsOf(inputs, columns);
  const run = (feeds: Record<string, Tensor>) =>
    outputs === undefined ? session.run(feeds) : session.run(feeds, [...outputs]);
  const whole = inputs.filter(({ rules }) => rules === undefined)
    .map((input) => [input, checkedColumn(input, columns[input.name], rows)] as const);
  const texts = inputs.flatMap(({ rules, ...input }) => {
    if (rules === undefined) return [];
    const checked = checkedColumn(input, columns[input.name], rows) as string[];
    return [{ ...input, rules, checked, hashed: hashTexts(rules, checked) }];
  });
  for (let from = 0; from < rows;) {
    // A quantised encoder rounds by what else is in a batch: a text is run by itself.
    const alone = texts.some(({ tokenize }) => tokenize !== undefined);
    const end = alone
      ? from + 1
      : texts.length === 0
      ? rows
      : endOfPart(texts.map(({ hashed }) => hashed), from);
    const feeds = Object.fromEntries(
      whole.map(([{ name, rank }, values]) => [name, tensorOf(values.slice(from, end), rank)]),
    );
    for (const { name, rules, hashed, checked, tokenize } of texts) {
      const { ids, weights, length } = feedTexts(rules, hashed.slice(from, end));
      const tensors = textTensors(name);
      feeds[tensors.ids] = new Tensor("int64", ids, [end - from, length]);
      feeds[tensors.weights] = new Tensor("float32", weights, [end - from, length]);
      if (tokenize !== undefined) {
        const pieces = tokenize(checked[from]);
        const ids = BigInt64Array.from(pieces, BigInt);
        feeds[tensors.pieces] = new Tensor("int64", ids, [1, pieces.length]);
      }
    }
    yield { from, results: await run(feeds) };
    from = end;
  }
}

/** One more than the last row of a part: rows are as long as the longest among them. */
function endOfPart(columns: readonly (readonly HashedText[])[], from: number): number {
  const longest = columns.map(() => 1);
  let row = from;
  for (; row < columns[0].length; row++) {
    columns.forEach((hashed, c) => longest[c] = Math.max(longest[c], hashed[row].ids.length));
    const ngrams = longest.reduce((sum, length) => sum + length, 0) * (row + 1 - from);
    if (row > from && ngrams > mostNgrams) break;
  }
  return row;
}

/** How many rows the columns have: as many as the first that is read. */
export function rowsOf(inputs: readonly ModelInput[], columns: ModelColumns): number {
  return columns[inputs[0].name]?.length ?? 0;
}

/** What is said of a file that is a model, but none of ours. */
export function unusable(name: string, found: string): ModelError {
  return new ModelError(
    `Cannot use ${name}: ${found}; wanted the outputs label and probability_<class>`,
    { next: "give a model file that the export wrote" },
  );
}

function tensorOf(values: string[] | Float32Array, rank: number): Tensor {
  const dims = rank === 2 ? [values.length, 1] : [values.length];
  return values instanceof Float32Array
    ? new Tensor("float32", values, dims)
    : new Tensor("string", values, dims);
}

function checkedColumn(
  { name, kind }: ModelInput,
  column: ModelColumn | undefined,
  rows: number,
): string[] | Float32Array {
  if (column === undefined) throw badInput(`column "${name}" is missing`);
  if (column.length !== rows) {
    throw badInput(`column "${name}" has ${column.length} rows, the first column has ${rows}`);
  }
  if (kind === "text") {
    return Array.from<unknown, string>(column, (value, row) => {
      if (typeof value === "string") return value;
      if (value === null || value === undefined) return "";
      throw badInput(`column "${name}" holds ${value} in row ${row + 1}, wanted text`);
    });
  }
  return Float32Array.from<unknown>(column, (value, row) => {
    if (typeof value === "number") return value;
    if (value === null || value === undefined) return NaN;
    throw badInput(`column "${name}" holds "${value}" in row ${row + 1}, wanted a number`);
  });
}

function badInput(found: string): ModelError {
  return new ModelError(`Cannot predict: ${found}`, {
    next: "give every column that the model reads, null where a value is missing",
  });
}
