/**
 * What the texts of a log mean, held against those of a file, block by block.
 *
 * The p-values of blocks depend on each other, as all are held against the same texts. So each
 * block k has a weight of 1 / (k (k + 1)), and what it is worth is its p-value turned into
 * evidence, 1 / (2 √p), whose mean is 1 at most where nothing has changed: the chance that the
 * weighted sum ever reaches 1 / α is then at most α, however blocks depend on each other.
 *
 * Source: Vovk and Wang, 2021, "E-values: calibration, combination and applications".
 */

import { deriveSeed, UserError } from "../../base/mod.ts";
import { chanceArea, embeddingDomainClassifier } from "../../drift/mod.ts";
import { embed } from "../../encoders/mod.ts";
import type { PredictionColumns } from "../../prediction_log/mod.ts";
import { readTable } from "../../table/mod.ts";
import { columnsMissing, type WatchedModel } from "../model/watched_model.ts";
import {
  columnsWithTexts,
  type Embed,
  encodedPart,
  encoderOf,
  meaningOf,
  notFetched,
  someTexts,
} from "../sides/meaning.ts";
import { cleanedRows } from "../sides/model_side.ts";

/** What is kept of a column of texts. Plain JSON, of bounded size. */
export interface WatchedTexts {
  /** The latest texts that no block had yet, and the digest of each one's group. */
  waiting: (readonly [text: string, group: string | null])[];
  /** Blocks that were held against the reference. */
  blocks: number;
  /** What they are worth together. */
  evidence: number;
  /** What the latest one came to; null before the first. */
  latest: { readonly area: number; readonly chance: number; readonly p: number } | null;
}

/** What a look is told of texts. */
export interface WatchedTextOptions {
  /** CSV or Parquet file with the columns of the models. */
  readonly reference: string;
  /** Makes vectors of texts; as trainings do unless it is set. */
  readonly embed?: Embed;
}

/** Texts of a block: a tenth of them that speak of something else are found in one or two. */
export const BLOCK = 400;
/** A block says no more than that. */
const LEAST_P = 1e-40;

/** Takes the texts of new rows, of each group one, and leaves the latest. */
export function gatherTexts(
  kept: Record<string, WatchedTexts>,
  { declared }: WatchedModel,
  { inputs, groups, rows }: PredictionColumns,
): void {
  for (const name of columnsWithTexts(declared.set.columns)) {
    if (!Object.hasOwn(inputs, name)) continue;
    const own = kept[name] ??= { waiting: [], blocks: 0, evidence: 0, latest: null };
    const seen = new Set(own.waiting.map(([, group]) => group));
    const fresh: WatchedTexts["waiting"] = [];
    for (let row = rows - 1; row >= 0 && fresh.length < BLOCK; row--) {
      const [cell, group] = [inputs[name][row], groups[row] ?? null];
      const text = typeof cell === "string" ? encodedPart(cell) : "";
      if (text === "" || group !== null && seen.has(group)) continue;
      fresh.push([text, group]);
      seen.add(group);
    }
    own.waiting = [...own.waiting, ...fresh.reverse()].slice(-BLOCK);
  }
}

/** Holds each full block against the file; tells why where that cannot be done. */
export async function judgeTexts(
  kept: Record<string, WatchedTexts>,
  model: WatchedModel,
  { reference, embed: make = embed }: WatchedTextOptions,
  { signal, warn }: { readonly signal: AbortSignal; readonly warn: (text: string) => void },
): Promise<void> {
  const full = Object.entries(kept).filter(([, { waiting }]) => waiting.length >= BLOCK);
  if (full.length === 0) return;
  const tell = (why: string) => warn(`What the texts of ${model.name} mean is not watched: ${why}`);
  const table = await readTable(reference).catch((error) => {
    if (error instanceof UserError) return error;
    throw error;
  });
  if (table instanceof UserError) return tell(table.message);
  const missing = columnsMissing(model, table.columns);
  if (missing.length > 0) return tell(`${reference} lacks ${missing.join(", ")}`);
  const { texts = {}, sample: { groups } } = cleanedRows(table, model);
  for (const [name, own] of full) {
    const some = someTexts(texts[name], groups, 0);
    const encoder = encoderOf(model, name);
    const was = await make(encoder, some, { signal });
    // Texts of a log are many: their vectors are not kept.
    const is = await make(encoder, own.waiting.map(([text]) => text), { signal, keep: false });
    if (was === undefined || is === undefined) return tell(notFetched);
    const { score: area, pValue: p } = embeddingDomainClassifier(
      { size: was.size, values: was.vectors },
      { size: is.size, values: is.vectors },
      deriveSeed(0, own.blocks),
    );
    addBlock(own, p);
    own.latest = { area, chance: chanceArea(some.length, own.waiting.length), p };
    own.waiting = [];
  }
}

/** Adds what a block of this p-value is worth. */
export function addBlock(own: WatchedTexts, p: number): void {
  const block = ++own.blocks;
  own.evidence += 1 / (block * (block + 1)) / (2 * Math.sqrt(Math.max(p, LEAST_P)));
}

/** Evidence by the name of what is watched, as logarithms. */
export function textEvidence(kept: Readonly<Record<string, WatchedTexts>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(kept).flatMap(([name, { blocks, evidence }]) =>
      blocks === 0 || evidence === 0 ? [] : [[meaningOf(name), Math.log(evidence)]]
    ),
  );
}
