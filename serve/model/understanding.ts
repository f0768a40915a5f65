/** Which values of a record a model cannot understand, and what becomes of them. */

import { missingTexts } from "../../src/features/mod.ts";
import type { InputColumn, ModelMetadata } from "../../src/registry/mod.ts";

/** A value that was not understood, and what was made of it. */
export interface Warning {
  readonly column: string;
  /** The value, cut short where it is long. */
  readonly sent: string | number;
  readonly done: string;
}

/**
 * What was done with a value that was sent as `sent` and read as `value`;
 * undefined where it was understood. Asked for each value of each request.
 */
export type Understanding = (sent: string | number, value: string | number) => string | undefined;

/** Letters of a text that a warning shows. */
const SHOWN = 60;

/** What says something: blanks, underscores and dashes alone are how people leave a field empty. */
const saysSomething = /[\p{L}\p{N}]/u;

const asMissing = "no number could be read: taken as missing";

/** A warning about a value. */
export function warningOf(column: string, sent: string | number, done: string): Warning {
  const short = typeof sent === "string" && sent.length > SHOWN ? `${sent.slice(0, SHOWN)}…` : sent;
  return { column, sent: short, done };
}

/** What a model understands of a column, by what its metadata say. */
export function understanding(
  { name, kind, min, max, categories }: InputColumn,
  { feature_state }: Pick<ModelMetadata, "feature_state">,
): Understanding {
  const markers = new Set([...missingTexts, ...markersOf(feature_state, name)]);
  const isMissing = (text: string) => markers.has(text) || !saysSomething.test(text);
  if (kind === "number") {
    const low = Math.fround(min ?? -Infinity);
    const high = Math.fround(max ?? Infinity);
    const outside = `beyond what is believed (${min ?? "any"} to ${
      max ?? "any"
    }): taken as missing`;
    return (sent, value) => {
      const single = Math.fround(value as number);
      if (single >= low && single <= high) return undefined;
      if (single === single) return outside;
      return typeof sent === "string" && isMissing(sent.trim()) ? undefined : asMissing;
    };
  }
  if (categories === undefined) return () => undefined;
  const known = new Set(categories);
  return (_, value) => {
    const text = value as string;
    // An integer code may come as 7.0.
    if (known.has(text) || isMissing(text) || known.has(text.replace(/\.0$/, ""))) return undefined;
    return "no category that the training knew: taken as none of them";
  };
}

/** The texts that mean a missing value in a column, beside the usual ones. */
function markersOf(state: ModelMetadata["feature_state"], name: string): readonly string[] {
  // Of a model that ONNX Runtime runs nobody has read the state before.
  const columns: readonly { readonly name: string }[] = Array.isArray(state.columns)
    ? state.columns
    : [];
  const column = columns.find((column) => column?.name === name);
  return column !== undefined && "missing" in column && Array.isArray(column.missing)
    ? column.missing
    : [];
}
