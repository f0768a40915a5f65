/** Which values of a record a model cannot understand, and what becomes of them. */

import { ModelError } from "../../src/base/mod.ts";
import { kindOf, missingTexts } from "../../src/features/mod.ts";
import { longestTextRead } from "../../src/text/mod.ts";
import type { InputColumn, ModelMetadata } from "../../src/registry/mod.ts";

/** A value that was not understood, and what was made of it. */
export interface Warning {
  readonly column: string;
  /** The value, cut short if it is long. */
  readonly sent: string | number;
  readonly done: string;
}

/**
 * What was done with a value that was sent as `sent` and read as `value`;
 * undefined if it was understood. Asked for each value of each request.
 */
export type Understanding = (sent: string | number, value: string | number) => string | undefined;

/** Letters of a text that a warning shows. */
const SHOWN = 60;

/** What says something: blanks, underscores and dashes alone are how people leave a field empty. */
const saysSomething = /[\p{L}\p{N}]/u;

const asMissing = "no number could be read: taken as missing";
const asNone = "no category that the training knew: taken as none of them";
const asUnknown = "not written as the column wants it: what was not understood counts as missing";

const asStrange = "nothing in it that the training knew: predicted as an empty text";
const asCut = `only the first ${longestTextRead.toLocaleString("en")} characters were read`;

/** A warning about a value. */
export function warningOf(column: string, sent: string | number, done: string): Warning {
  const short = typeof sent === "string" && sent.length > SHOWN ? `${sent.slice(0, SHOWN)}…` : sent;
  return { column, sent: short, done };
}

/** What a model understands of a column, by what its metadata say. */
export function understanding(
  { name, kind, min, max, categories, freeText }: InputColumn,
  { feature_state }: Pick<ModelMetadata, "feature_state">,
): Understanding {
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
  const understands = understandsText(feature_state, name);
  if (freeText) {
    return (_, value) => {
      const text = value as string;
      if (text.length > longestTextRead) return asCut;
      if (understands === undefined || text.trim() === "" || understands(text)) return undefined;
      return asStrange;
    };
  }
  if (understands === undefined) return () => undefined;
  const done = categories === undefined ? asUnknown : asNone;
  return (_, value) =>
    understands(value) || !saysSomething.test(value as string) ? undefined : done;
}

const isMissing = (text: string) => missingTexts.includes(text) || !saysSomething.test(text);

/**
 * What the column's own kind understands; undefined if the state does not
 * tell: of a model that ONNX Runtime runs nobody has read it before.
 */
function understandsText(
  { columns }: ModelMetadata["feature_state"],
  name: string,
): ((value: string | number) => boolean) | undefined {
  if (!Array.isArray(columns)) return undefined;
  const column = columns.find((column) => column?.name === name);
  if (column === undefined) return undefined;
  try {
    const understands = kindOf(column).understands(column);
    understands("0"); // A state that lacks something says so here, not in a request.
    return understands;
  } catch (error) {
    if (error instanceof ModelError || error instanceof TypeError) return undefined;
    throw error;
  }
}
