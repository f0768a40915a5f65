/** From a request's record to the raw values that a model takes, by the rules of its training. */

import { nearestName } from "../../src/base/mod.ts";
import { parseNumber } from "../../src/features/mod.ts";
import type { InputColumn, ModelMetadata } from "../../src/registry/mod.ts";
import type { RawRecord } from "../contract.ts";
import { type Fault, mostFaults } from "../http/problem.ts";
import { type Understanding, understanding, type Warning, warningOf } from "./understanding.ts";

/** Characters of a text; the longest that training saw are a tenth of it. */
export const longestText = 2000;

/** Letters of a field's name up to which a similar one is looked for. */
const LONGEST_NAME = 100;

/** A record that a model can predict. */
export interface ParsedRecord {
  /** Value of each of the model's columns: a number with NaN for missing, or a text. */
  readonly values: readonly (number | string)[];
  /** The model's columns as they were sent. */
  readonly inputs: RawRecord;
  /** What keeps a customer with one model, "" if the record does not say. */
  readonly key: string;
  /** Key of the group that the record belongs to, as its customer; "" if the record does not say. */
  readonly group: string;
  /** Values that were not understood; undefined if all were. */
  readonly warnings?: readonly Warning[];
}

/** What is done with fields that the model does not read. */
export interface ParserOptions {
  /** Refuse them, or ignore them. */
  readonly unknownFields: "refuse" | "ignore";
  /** A field that is always allowed: it keeps a customer with one model. */
  readonly routingKey?: string;
  /** Another one: the column that grouped the rows of the training. */
  readonly group?: string;
}

/**
 * Reads records of one model. A number may come as text with dirt in it: text
 * is cleaned by the code that cleaned the training data, and what holds no
 * number is missing, as it was there. Fields may be left out.
 */
export class RecordParser {
  readonly #indexOf: ReadonlyMap<string, number>;
  readonly #isText: readonly boolean[];
  readonly #understands: readonly Understanding[];
  readonly #empty: readonly (number | string)[];

  /** Takes the model's columns in the order of its inputs, and what they learned. */
  constructor(
    private readonly columns: readonly InputColumn[],
    metadata: Pick<ModelMetadata, "feature_state">,
    private readonly options: ParserOptions,
  ) {
    this.#indexOf = new Map(columns.map(({ name }, at) => [name, at]));
    this.#isText = columns.map(({ kind }) => kind === "text");
    this.#understands = columns.map((column) => understanding(column, metadata));
    this.#empty = columns.map(({ kind }) => kind === "text" ? "" : NaN);
  }

  /** Whether a record may hold a field of that name. */
  knows(name: string): boolean {
    return this.#indexOf.has(name) || name === this.options.routingKey;
  }

  /**
   * Reads a record.
   *
   * @param at JSON pointer to the record within the body.
   * @param faults Gets everything that is wrong with the record.
   * @returns undefined if something is wrong.
   */
  parse(record: unknown, at: string, faults: Fault[]): ParsedRecord | undefined {
    if (typeof record !== "object" || record === null || Array.isArray(record)) {
      faults.push({ pointer: at, detail: `${kindOf(record)} is no record: wanted an object` });
      return undefined;
    }
    const before = faults.length;
    const values = this.#empty.slice();
    const fields = record as Record<string, unknown>;
    let known = 0;
    let others = 0;
    let warnings: Warning[] | undefined;
    for (const name in fields) {
      if (faults.length === mostFaults) break;
      const column = this.#indexOf.get(name);
      if (column === undefined) {
        others++;
        this.#checkOther(name, fields[name], at, faults);
        continue;
      }
      known++;
      const value = fields[name];
      if (value === null) continue;
      const { codes, decimal, freeText } = this.columns[column];
      const read = this.#isText[column]
        ? readText(value, codes, freeText)
        : readNumber(value, decimal);
      if (typeof read === "object") faults.push(fault(at, name, read.detail));
      else {
        values[column] = read;
        const done = this.#understands[column](value as string | number, read);
        if (done !== undefined) {
          (warnings ??= []).push(warningOf(name, value as string | number, done));
        }
      }
    }
    if (known === 0 && faults.length === before) {
      faults.push({ pointer: at, detail: "the record holds none of the model's fields" });
    }
    if (faults.length > before) return undefined;
    const { routingKey, group } = this.options;
    const said = (name: string | undefined) =>
      name === undefined || !Object.hasOwn(fields, name) ? "" : String(fields[name] ?? "");
    const inputs = others === 0 ? fields as RawRecord : this.#own(fields as RawRecord);
    return {
      values,
      inputs,
      key: others === 0 ? "" : said(routingKey),
      group: said(group),
      warnings,
    };
  }

  #checkOther(name: string, value: unknown, at: string, faults: Fault[]): void {
    if (name === this.options.routingKey || name === this.options.group) {
      if (typeof value === "object" && value !== null || typeof value === "boolean") {
        faults.push(fault(at, name, `${kindOf(value)} is no key: wanted text or a number`));
      }
      return;
    }
    if (this.options.unknownFields === "ignore") return;
    const near = name.length > LONGEST_NAME
      ? undefined
      : nearestName(name, this.columns.map((column) => column.name));
    const hint = near === undefined ? "leave it out" : `did you mean "${near}"?`;
    faults.push(fault(at, name, `the model reads no such field; ${hint}`));
  }

  /** The fields that the model reads. */
  #own(fields: RawRecord): RawRecord {
    const own: Record<string, number | string | null> = {};
    for (const { name } of this.columns) if (Object.hasOwn(fields, name)) own[name] = fields[name];
    return own;
  }
}

/** A value that cannot be read, as an object so that it is told from values. */
interface Unreadable {
  readonly detail: string;
}

function readNumber(value: unknown, decimal: InputColumn["decimal"]): number | Unreadable {
  if (typeof value === "number") {
    return Number.isFinite(value) ? value : { detail: "the number is not finite" };
  }
  if (typeof value !== "string") {
    return {
      detail: `${kindOf(value)} is no number: wanted a number, text that holds one or null`,
    };
  }
  return value.length > longestText ? tooLong(value) : parseNumber(value, decimal);
}

/**
 * A text; of a column of integer codes and truth values a number or truth value is one too. Free
 * text may be of any length and hold anything.
 */
function readText(
  value: unknown,
  codes: boolean | undefined,
  freeText: boolean | undefined,
): string | Unreadable {
  if (codes && (Number.isFinite(value) || typeof value === "boolean")) return String(value);
  if (typeof value !== "string") {
    return { detail: `${kindOf(value)} is no text: wanted text or null` };
  }
  // It is cut where hashing stops, and told; the body's limit bounds it.
  if (freeText) return value;
  if (value.length > longestText) return tooLong(value);
  // ONNX Runtime's binding reads a text up to its first NUL: it would predict for another text.
  return value.includes("\0") ? { detail: "the text holds a NUL character" } : value;
}

function tooLong({ length }: string): Unreadable {
  return { detail: `the text has ${length} characters, wanted at most ${longestText}` };
}

function fault(at: string, name: string, detail: string): Fault {
  return { pointer: `${at}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`, detail };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  return typeof value === "string" ? "text" : `a ${typeof value}`;
}
