/** The declaration of a table: what its columns hold and what must be true of its rows. */

import { UsageError } from "../base/mod.ts";
import {
  type ColumnSpec,
  type DerivedSpec,
  type FeatureSet,
  freeText,
  isClassTarget,
  kindOf,
  number,
  oneHot,
} from "../features/mod.ts";

/** Whether what is not kept stops a pipeline, or is told only. */
export type Consequence = "error" | "warning";

/** What must be true of a column; shares are in [0, 1]. */
export interface ColumnRule {
  /** How its cells are read, and the range they are believed in, as a feature set declares it. */
  readonly holds: ColumnSpec;
  /** Whether it may be left out of the table; false unless it is set. */
  readonly optional?: boolean;
  /** Largest share of cells without a value; 0 unless it is set. */
  readonly missing?: number;
  /** Largest share of cells that hold something else than is declared; 0 unless it is set. */
  readonly unread?: number;
  /** Largest share of numbers out of the declared range; 0 unless it is set. */
  readonly outside?: number;
  /** The texts that it may have, as they are written in the table. */
  readonly values?: readonly string[];
  /** Whether no value may come twice. */
  readonly unique?: boolean;
  /** What happens if it is not kept; an error unless it is set. */
  readonly otherwise?: Consequence;
}

/** What a side of a relation is: a column, a number, or columns calculated with. */
export type Operand = string | number | Pick<DerivedSpec, "operation" | "of">;

/** How two sides may stand to each other. */
export type RelationSign = "<" | "<=" | "=" | "!=" | ">=" | ">";

/** All of {@linkcode RelationSign}. */
export const relationSigns: readonly RelationSign[] = ["<", "<=", "=", "!=", ">=", ">"];

/** What must be true between columns of a row; rows in which one is missing are not asked. */
export interface Relation {
  /** One side: numbers, or moments. */
  readonly left: Operand;
  /** How it must stand to the other. */
  readonly is: RelationSign;
  /** The other side. */
  readonly right: Operand;
  /** By how much numbers may differ and still count as equal; 0 unless it is set. */
  readonly within?: number;
  /** Largest share of rows in which it is not so; 0 unless it is set. */
  readonly except?: number;
  /** What happens if it is not kept; an error unless it is set. */
  readonly otherwise?: Consequence;
}

/** A declared table, plain data. */
export interface TableSchema {
  /** The columns that are known. */
  readonly columns: Readonly<Record<string, ColumnRule>>;
  /** Whether columns beside them are allowed; true unless it is set. */
  readonly others?: boolean;
  /** Fewest and most rows. */
  readonly rows?: { readonly min?: number; readonly max?: number };
  /** Columns whose values together come once only. */
  readonly unique?: readonly (readonly string[])[];
  /** The newest moment in a column must be at most so old when the table is looked at. */
  readonly fresh?: { readonly column: string; readonly hours: number };
  /** What must be true between columns of a row. */
  readonly relations?: readonly Relation[];
}

/**
 * Declares a table.
 *
 * @throws {UsageError} if the declaration contradicts itself.
 *
 * @example
 * ```ts
 * import { number, oneHot } from "../features/mod.ts";
 * const loans = tableSchema({
 *   columns: {
 *     id: { holds: oneHot(), unique: true },
 *     age: { holds: number({ min: 18, max: 100 }), missing: 0.05 },
 *     employed: { holds: number({ min: 0 }), missing: 0.2, otherwise: "warning" },
 *   },
 *   rows: { min: 1000 },
 *   relations: [{ left: "employed", is: "<", right: "age" }],
 * });
 * ```
 */
export function tableSchema(schema: TableSchema): TableSchema {
  const { columns, rows, unique = [], fresh, relations = [] } = schema;
  const known = (name: string, what: string) => {
    if (Object.hasOwn(columns, name)) return;
    throw contradiction(`${what} names "${name}", which is not among its columns`);
  };
  if (Object.keys(columns).length === 0) throw contradiction("there is no column");
  for (const [name, rule] of Object.entries(columns)) {
    const fault = kindOf(rule.holds).check(rule.holds, `column "${name}"`);
    if (fault !== undefined) throw contradiction(fault);
    for (const limit of ["missing", "unread", "outside"] as const) {
      checkShare(rule[limit], `${limit} of column "${name}"`);
    }
    if (rule.values?.length === 0) throw contradiction(`column "${name}" may have no value`);
  }
  if (rows !== undefined && (rows.min ?? 0) > (rows.max ?? Infinity)) {
    throw contradiction(`it wants ${rows.min} to ${rows.max} rows`);
  }
  for (const names of unique) for (const name of names) known(name, "unique");
  if (fresh !== undefined) {
    known(fresh.column, "fresh");
    if (!(fresh.hours > 0)) throw contradiction(`fresh wants an age of ${fresh.hours} hours`);
  }
  for (const relation of relations) {
    for (const side of [relation.left, relation.right]) {
      for (const name of columnsOf(side)) known(name, `the relation ${relationText(relation)}`);
    }
    if (!relationSigns.includes(relation.is)) {
      throw contradiction(`a relation compares by "${relation.is}"`);
    }
    checkShare(relation.except, `except of ${relationText(relation)}`);
  }
  return schema;
}

/** What a table to learn from may lose, where nobody has said more: it is cleaned anyway. */
const usual = { missing: 0.5, unread: 0.05, outside: 0.2 };

/**
 * The table that a feature set reads: its columns, each with at most half of its cells missing, 5 %
 * not understood and a fifth out of range, and a target that is what it declares.
 *
 * @param more What is known beside it; rules of columns are added to the derived ones.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { classes, featureSet, number } from "../features/mod.ts";
 * const set = featureSet({
 *   target: classes("default", ["0", "1"]),
 *   columns: { age: number({ min: 18, max: 100 }) },
 * });
 * const { columns } = schemaOf(set, { columns: { age: { missing: 0.1 } }, rows: { min: 100 } });
 * assertEquals([columns.age.missing, columns.default.values], [0.1, ["0", "1"]]);
 * ```
 */
export function schemaOf(
  { target, columns, group, weight }: FeatureSet,
  more: SchemaAdditions = {},
): TableSchema {
  const rules: Record<string, ColumnRule> = {};
  for (const [name, holds] of Object.entries(columns)) rules[name] = { holds, ...usual };
  if (group !== undefined) rules[group] = { holds: oneHot(), ...usual };
  if (weight !== undefined) rules[weight] = { holds: number({ min: 0 }) };
  rules[target.column] = isClassTarget(target)
    ? { holds: oneHot(), values: target.classes, missing: usual.missing }
    : target.kind === "spans"
    ? { holds: freeText(), missing: usual.missing }
    : { holds: number({ min: target.min, max: target.max }), missing: usual.missing };
  for (const [name, rule] of Object.entries(more.columns ?? {})) {
    const merged = { ...rules[name], ...rule };
    if (merged.holds === undefined) {
      throw contradiction(`column "${name}" is not in the feature set`, "say what it holds");
    }
    rules[name] = merged as ColumnRule;
  }
  return tableSchema({ ...more, columns: rules });
}

/** What is said beside a feature set. */
export interface SchemaAdditions extends Omit<TableSchema, "columns"> {
  /** Rules of its columns, and of others with what they hold. */
  readonly columns?: Readonly<Record<string, Partial<ColumnRule>>>;
}

/** The columns that a side of a relation reads. */
export function columnsOf(side: Operand): readonly string[] {
  return typeof side === "number" ? [] : typeof side === "string" ? [side] : side.of;
}

/** A relation as it is told. */
export function relationText({ left, is, right }: Relation): string {
  return `${operandText(left)} ${is} ${operandText(right)}`;
}

const signs = { ratio: " / ", difference: " - ", product: " * ", sum: " + " };

function operandText(side: Operand): string {
  return typeof side === "object" ? side.of.join(signs[side.operation]) : String(side);
}

function checkShare(value: number | undefined, what: string): void {
  if (value === undefined || value >= 0 && value <= 1) return;
  throw contradiction(`${what} is ${value}, wanted a share from 0 to 1`);
}

function contradiction(what: string, next = "correct the declaration"): UsageError {
  return new UsageError(`Cannot declare the table: ${what}`, { next });
}
