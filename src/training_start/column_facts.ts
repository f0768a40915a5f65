/** What can be seen of a column of which nobody has said what it holds. */

import { isRowIdentifier, type TypedColumn } from "../table/mod.ts";

/** What is seen of a column. */
export interface ColumnFacts {
  /** Name of the column. */
  readonly name: string;
  /** What it holds. */
  readonly kind: TypedColumn["kind"];
  readonly rows: number;
  /** Rows without a value. */
  readonly missing: number;
  /** Rows with something else than the others; they count as missing. */
  readonly unreadable: number;
  /** Different values. */
  readonly distinct: number;
  /** Whether it names its row instead of describing it. */
  readonly identifies: boolean;
  /** The texts of categories, in order of appearance; empty for other kinds. */
  readonly texts: readonly string[];
  /** Whether all numbers are whole; false for other kinds. */
  readonly whole: boolean;
  /** Least number; absent for other kinds. */
  readonly least?: number;
  /** Least number but one. */
  readonly secondLeast?: number;
  /** How many numbers are 0 if that lies far below all others, as if it were none. */
  readonly zerosApart: number;
  /** Last day of a column of dates, as `2024-01-31`. */
  readonly latest?: string;
}

/** Looks at a column. */
export function columnFacts(name: string, column: TypedColumn): ColumnFacts {
  const identifies = isRowIdentifier(name, column);
  const plain = { name, kind: column.kind, identifies, texts: [], whole: false, zerosApart: 0 };
  switch (column.kind) {
    case "number": {
      const there = column.values.filter((value) => !Number.isNaN(value)).toSorted();
      const values = there.filter((value, i) => value !== there[i - 1]);
      return {
        ...plain,
        ...counts(column.values.length, there.length, column.unreadable),
        distinct: values.length,
        whole: there.every(Number.isInteger),
        least: values[0],
        secondLeast: values[1],
        zerosApart: zeroIsApart(values) ? there.filter((value) => value === 0).length : 0,
      };
    }
    case "date": {
      const there = column.values.filter((value) => !Number.isNaN(value));
      const latest = there.reduce((a, b) => Math.max(a, b), -Infinity);
      return {
        ...plain,
        ...counts(column.values.length, there.length, column.unreadable),
        distinct: new Set(there).size,
        ...there.length > 0 && { latest: new Date(latest).toISOString().slice(0, 10) },
      };
    }
    case "category": {
      const { codes, vocabulary } = column;
      const used = new Set(codes);
      const texts = vocabulary.filter((_, code) => used.has(code));
      const given = codes.reduce((sum, code) => sum + Number(code >= 0), 0);
      return { ...plain, ...counts(codes.length, given, 0), distinct: texts.length, texts };
    }
    case "text": {
      const there = column.values.filter((value) => value !== null);
      const distinct = new Set(there).size;
      return { ...plain, ...counts(column.values.length, there.length, 0), distinct };
    }
  }
}

function counts(rows: number, given: number, unreadable: number) {
  return { rows, missing: rows - given - unreadable, unreadable };
}

/** Whether 0 lies further below the least other number than the next few lie from one another. */
function zeroIsApart([zero, ...others]: Float64Array): boolean {
  const FEW = 4;
  return zero === 0 && others.length > FEW && others[0] > others[FEW] - others[0];
}
