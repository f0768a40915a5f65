/** What sentence encoders make of a table's texts, before it is cleaned. */

import { join, statIfPresent } from "../base/mod.ts";
import {
  embed,
  type EncoderFiles,
  encoderNames,
  encodersFolder,
  knownEncoder,
  readEncoder,
} from "../encoders/mod.ts";
import { type FeatureSet, textOf, type VectorsOf } from "../features/mod.ts";
import { encodedColumns } from "../onnx/mod.ts";
import type { Table } from "../dataset/mod.ts";
import type { FittedModel } from "./experiment.ts";

/** What an encoder brings, by our own measure. */
const COST = "on banking77 about 2 of 100 messages more are misread";

/**
 * Which encoders of a feature set were fetched: what a step makes depends on that.
 *
 * @throws {UsageError} for an encoder that is not known.
 */
export function fetchedEncoders({ columns }: Pick<FeatureSet, "columns">): string[] {
  return Object.values(columns).flatMap((spec) => {
    if (!("encoder" in spec) || spec.encoder === undefined) return [];
    const { files } = knownEncoder(spec.encoder);
    const all = Object.values(files).every(({ name }) =>
      statIfPresent(join(encodersFolder, spec.encoder!, name))?.isFile
    );
    return all ? [spec.encoder] : [];
  });
}

/**
 * Embeds the texts of all columns with an encoder; undefined if none has one, or none was fetched,
 * which is told.
 *
 * @param options.fetched The encoders to use; those that were fetched where they are left out.
 * @throws {ModelError} if its files are others than were pinned.
 */
export async function vectorsOf(
  set: Pick<FeatureSet, "columns">,
  table: Table,
  { fetched = fetchedEncoders(set), signal, progress, warn }: {
    readonly fetched?: readonly string[];
    readonly signal?: AbortSignal;
    readonly progress?: (done: number) => void;
    readonly warn?: (text: string) => void;
  } = {},
): Promise<VectorsOf | undefined> {
  const texts = new Map<string, Set<string>>();
  for (const [name, spec] of Object.entries(set.columns)) {
    if (!("encoder" in spec) || spec.encoder === undefined) continue;
    const own = texts.get(spec.encoder) ?? new Set([""]);
    table.columns[name]?.forEach((cell, row) => own.add(textOf(cell, name, row)));
    texts.set(spec.encoder, own);
  }
  const found = new Map<string, ReadonlyMap<string, Float32Array>>();
  for (const [encoder, own] of texts) {
    const known = encoderNames.find((name) => name === encoder)!;
    const list = [...own];
    const embeddings = fetched.includes(encoder)
      ? await embed(known, list, { signal, onProgress: progress })
      : undefined;
    if (embeddings === undefined) {
      warn?.(
        `The encoder ${encoder} was not fetched: texts are read by their n-grams alone, ${COST}. ` +
          "Fetch it with: deno task encoder",
      );
      continue;
    }
    const { size, vectors } = embeddings;
    found.set(
      encoder,
      new Map(list.map((text, i) => [text, vectors.subarray(i * size, (i + 1) * size)])),
    );
  }
  if (found.size === 0) return undefined;
  return (encoder, wanted) => {
    const known = found.get(encoder);
    if (known === undefined) return undefined;
    const size = known.get("")!.length;
    const values = new Float32Array(new SharedArrayBuffer(4 * size * wanted.length));
    wanted.forEach((text, i) => values.set(known.get(text)!, i * size));
    return { size, values };
  };
}

/**
 * The files of the encoders that a fitted model reads texts by.
 *
 * @throws {ModelError} if one is not there, or is another than was pinned.
 */
export async function encodersOf({ state }: FittedModel): Promise<Record<string, EncoderFiles>> {
  const found: Record<string, EncoderFiles> = {};
  for (const { encoder } of encodedColumns(state)) {
    const files = await readEncoder(encoderNames.find((name) => name === encoder)!);
    if (files !== undefined) found[encoder] = files;
  }
  return found;
}
