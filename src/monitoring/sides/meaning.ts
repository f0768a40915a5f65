/** What texts mean: some of both sides as a sentence encoder sees them, as one more column. */

import { deriveSeed, Random } from "../../base/mod.ts";
import type { TextSample } from "../../drift/mod.ts";
import { embed, type Embeddings, type EmbedOptions, encoderNames } from "../../encoders/mod.ts";
import type { CleanData } from "../../features/mod.ts";
import { publicRuns } from "../../text/mod.ts";
import type { WatchedModel } from "../model/watched_model.ts";
import type { Side, Sides } from "./side.ts";

/** Texts of each side that are encoded: some seconds of one core. */
const MOST_TEXTS = 1000;
/** Of a text, what comes later is not encoded. */
const MOST_CHARACTERS = 2000;

/** Makes vectors of texts; undefined if the encoder was not fetched. */
export type Embed = (
  encoder: (typeof encoderNames)[number],
  texts: readonly string[],
  options: EmbedOptions,
) => Promise<Embeddings | undefined>;

/** How texts are encoded. */
export interface MeaningOptions extends Pick<EmbedOptions, "signal" | "onProgress"> {
  /** Seed of which texts are looked at. */
  readonly seed: number;
  /** Makes their vectors; kept by their content unless it is set. */
  readonly embed?: Embed;
}

/** Name of the column that tells what a column of texts means. */
export function meaningOf(column: string): string {
  return `meaning of ${column}`;
}

/** What to do where an encoder is missing. */
export const notFetched = "the sentence encoder was not fetched: deno task encoder";

/** The texts of a model's columns of free text and of tokens. */
export function rowTextsOf(
  { declared }: WatchedModel,
  data: CleanData,
): Record<string, TextSample["values"]> {
  return Object.fromEntries(
    columnsWithTexts(declared.set.columns).flatMap((name) => {
      const column = data.columns[name];
      if (column.kind !== "texts") return [];
      const { codes, vocabulary } = column;
      return [[name, Array.from(codes, (code) => code < 0 ? null : vocabulary[code])]];
    }),
  );
}

/** Names of the columns whose texts mean something. */
export function columnsWithTexts(columns: WatchedModel["declared"]["set"]["columns"]): string[] {
  return Object.keys(columns).filter((name) => ["freeText", "tokens"].includes(columns[name].kind));
}

/** The encoder that the model reads a column by, or else any. */
export function encoderOf(model: WatchedModel | undefined, column: string) {
  const spec = model?.declared.set.columns[column];
  const own = spec !== undefined && "encoder" in spec ? spec.encoder : undefined;
  return encoderNames.find((name) => name === own) ?? encoderNames[0];
}

/** What is encoded of a text: nothing that a log may hold masked. */
export function encodedPart(text: string): string {
  return publicRuns(text.slice(0, MOST_CHARACTERS)).join(" ");
}

/** Some of the texts, of each group one, as they are encoded. */
export function someTexts(
  texts: TextSample["values"],
  groups: Int32Array | undefined,
  seed: number,
): string[] {
  const found: string[] = [];
  const seen = new Set<number>();
  for (const row of new Random(seed).shuffle([...texts.keys()])) {
    const text = encodedPart(texts[row] ?? "");
    if (text === "" || groups && seen.has(groups[row])) continue;
    if (groups) seen.add(groups[row]);
    if (found.push(text) === MOST_TEXTS) break;
  }
  return found;
}

/** Both sides with what their texts mean, or why that is not compared. */
export async function withMeanings(
  sides: Sides,
  { seed, signal, onProgress, embed: make = embed }: MeaningOptions,
): Promise<Sides> {
  let { reference, current } = sides;
  const names = Object.keys(current.texts ?? {}).filter((name) =>
    [reference, current].every(({ sample }) => Object.hasOwn(sample.columns, name))
  );
  for (const [i, name] of names.entries()) {
    const was = reference.texts?.[name];
    const some = was && [
      someTexts(was, reference.sample.groups, deriveSeed(seed, 2 * i)),
      someTexts(current.texts![name], current.sample.groups, deriveSeed(seed, 2 * i + 1)),
    ];
    const found = some && await make(encoderOf(sides.model, name), some.flat(), {
      signal,
      onProgress: (done) => onProgress?.((i + done) / names.length),
    });
    if (some === undefined || found === undefined) {
      const why = some === undefined
        ? "a model keeps no texts: give those of its training with --param reference=FILE"
        : notFetched;
      current = { ...current, leftOut: [...current.leftOut, { column: meaningOf(name), why }] };
      continue;
    }
    const { size, vectors } = found;
    const split = some[0].length * size;
    reference = withColumn(reference, name, some[0], size, vectors.subarray(0, split));
    current = withColumn(current, name, some[1], size, vectors.subarray(split));
  }
  return { ...sides, reference, current };
}

function withColumn(
  side: Side,
  column: string,
  texts: readonly string[],
  size: number,
  values: Float32Array,
): Side {
  const meaning: TextSample = { kind: "text", values: texts, vectors: { size, values } };
  const columns = { ...side.sample.columns, [meaningOf(column)]: meaning };
  return { ...side, sample: { ...side.sample, columns } };
}
