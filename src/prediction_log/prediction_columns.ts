/** Lines of the prediction log as columns, which is how they are looked at. */

import type { PredictionRecord, RawRecord, Role } from "./record.ts";

/** A value as a request sent it. */
export type RawCell = RawRecord[string];

/** Predictions of one version of a model, in the order of their file; row by row. */
export interface PredictionColumns {
  /** Name of the model. */
  readonly model_name: string;
  /** Version of the model. */
  readonly model_version: string;
  /** Number of rows. */
  readonly rows: number;
  /** When they were answered, milliseconds since 1970 UTC, shape [rows]. */
  readonly times: Float64Array;
  /** Milliseconds from the parsed request to the answer, shape [rows]. */
  readonly latencies: Float64Array;
  /** How the model took part, shape [rows]. */
  readonly roles: readonly Role[];
  /** Columns that were sent, by name; null where a value is missing or was not sent. */
  readonly inputs: Readonly<Record<string, readonly RawCell[]>>;
  /** The predicted class or number, shape [rows]. */
  readonly predictions: readonly (string | number)[];
  /** Probability of each class by its name, shape [rows]; 0 where there is none. */
  readonly probabilities: Readonly<Record<string, Float64Array>>;
  /** Digest of the group's key; undefined where none was logged. */
  readonly groups: readonly (string | undefined)[];
  /** Ids of the requests one after the other, as UTF-8. */
  readonly idBytes: Uint8Array;
  /** Where in `idBytes` each id ends, shape [rows]. */
  readonly idEnds: Int32Array;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** Id of the request of a row. */
export function requestIdOf(
  { idBytes, idEnds }: Pick<PredictionColumns, "idBytes" | "idEnds">,
  row: number,
): string {
  return decoder.decode(idBytes.subarray(row === 0 ? 0 : idEnds[row - 1], idEnds[row]));
}

/** Rows `from` up to, but without, `to`, in memory of their own. */
export function sliceColumns(all: PredictionColumns, from: number, to: number): PredictionColumns {
  const cut = <T>(columns: Readonly<Record<string, T>>, part: (column: T) => T) =>
    Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, part(column)]));
  const first = from === 0 ? 0 : all.idEnds[from - 1];
  return {
    model_name: all.model_name,
    model_version: all.model_version,
    rows: to - from,
    times: all.times.slice(from, to),
    latencies: all.latencies.slice(from, to),
    roles: all.roles.slice(from, to),
    inputs: cut(all.inputs, (cells) => cells.slice(from, to)),
    predictions: all.predictions.slice(from, to),
    probabilities: cut(all.probabilities, (values) => values.slice(from, to)),
    groups: all.groups.slice(from, to),
    idBytes: all.idBytes.slice(first, to === 0 ? 0 : all.idEnds[to - 1]),
    idEnds: all.idEnds.slice(from, to).map((end) => end - first),
  };
}

/** Room for the first rows. */
const FIRST_ROWS = 1024;

/** Cells of a column, of which those from `filled` on are of rows before. */
export interface LoggedCells {
  readonly cells: RawCell[];
  filled: number;
}

/** Numbers whose array is replaced where it grows. */
export interface LoggedNumbers {
  values: Float64Array<ArrayBuffer>;
}

/**
 * Gathers rows of one version of a model. A row is written at place
 * {@link PredictionRows.rows}, and counts once it is {@link PredictionRows.done}.
 */
export class PredictionRows {
  /** Rows that are whole. */
  rows = 0;
  readonly times: LoggedNumbers = numbers(FIRST_ROWS);
  readonly latencies: LoggedNumbers = numbers(FIRST_ROWS);
  readonly roles: Role[] = [];
  readonly predictions: (string | number)[] = [];
  readonly groups: (string | undefined)[] = [];
  readonly #inputs = new Map<string, LoggedCells>();
  readonly #probabilities = new Map<string, LoggedNumbers>();
  #idBytes = new Uint8Array(32 * FIRST_ROWS);
  #idEnds = new Int32Array(FIRST_ROWS);

  /** Takes the version that the rows belong to. */
  constructor(readonly model_name: string, readonly model_version: string) {}

  /** A column of the inputs. */
  input(name: string): LoggedCells {
    return entryOf(this.#inputs, name, () => ({ cells: [], filled: 0 }));
  }

  /** Probabilities of a class. */
  probability(label: string): LoggedNumbers {
    return entryOf(this.#probabilities, label, () => numbers(this.times.values.length));
  }

  /** Begins a row: what it does not say was said of no row before. */
  begin(): void {
    this.groups[this.rows] = undefined;
    for (const { values } of this.#probabilities.values()) values[this.rows] = 0;
  }

  /** Writes a cell; rows before it that had none are missing values. */
  write(column: LoggedCells, cell: RawCell): void {
    const { rows } = this;
    while (column.filled < rows) column.cells[column.filled++] = null;
    column.cells[rows] = cell;
    column.filled = rows + 1;
  }

  /** Writes the id of the request. */
  writeId(bytes: Uint8Array, from: number, to: number): void {
    const start = this.rows === 0 ? 0 : this.#idEnds[this.rows - 1];
    const end = start + to - from;
    if (end > this.#idBytes.length) this.#idBytes = larger(this.#idBytes, 2 * end);
    for (let at = from, into = start; at < to; at++) this.#idBytes[into++] = bytes[at];
    this.#idEnds[this.rows] = end;
  }

  /** The row is whole. */
  done(): void {
    if (++this.rows < this.times.values.length) return;
    const room = 2 * this.rows;
    this.#idEnds = larger(this.#idEnds, room);
    for (const column of [this.times, this.latencies, ...this.#probabilities.values()]) {
      column.values = larger(column.values, room);
    }
  }

  /** Undoes what a row left that did not become whole. */
  undo(): void {
    for (const column of this.#inputs.values()) column.filled = Math.min(column.filled, this.rows);
  }

  /** Adds a record that was answered at a moment. */
  add(record: PredictionRecord, time: number): void {
    this.begin();
    const { rows } = this;
    this.times.values[rows] = time;
    this.latencies.values[rows] = record.latency_ms;
    this.roles[rows] = record.role;
    this.predictions[rows] = record.prediction;
    this.groups[rows] = record.group;
    const id = encoder.encode(record.request_id);
    this.writeId(id, 0, id.length);
    for (const [name, cell] of Object.entries(record.inputs)) this.write(this.input(name), cell);
    for (const [label, share] of Object.entries(record.probabilities ?? {})) {
      this.probability(label).values[rows] = share;
    }
    this.done();
  }

  /** The rows so far; their memory is that of the next ones, which begin anew. */
  take(): PredictionColumns {
    const { rows } = this;
    const inputs = [...this.#inputs].map(([name, column]) => {
      const { cells } = column;
      while (column.filled < rows) cells[column.filled++] = null;
      column.filled = 0;
      cells.length = rows;
      return [name, cells] as const;
    });
    const probabilities = [...this.#probabilities].map(([label, { values }]) =>
      [label, values.subarray(0, rows)] as const
    );
    for (const list of [this.roles, this.predictions, this.groups]) list.length = rows;
    this.rows = 0;
    return {
      ...{ model_name: this.model_name, model_version: this.model_version, rows },
      times: this.times.values.subarray(0, rows),
      latencies: this.latencies.values.subarray(0, rows),
      ...{ roles: this.roles, predictions: this.predictions, groups: this.groups },
      inputs: Object.fromEntries(inputs),
      probabilities: Object.fromEntries(probabilities),
      idBytes: this.#idBytes.subarray(0, rows === 0 ? 0 : this.#idEnds[rows - 1]),
      idEnds: this.#idEnds.subarray(0, rows),
    };
  }
}

const numbers = (length: number): LoggedNumbers => ({ values: new Float64Array(length) });

function entryOf<T>(columns: Map<string, T>, name: string, empty: () => T): T {
  let column = columns.get(name);
  if (column === undefined) columns.set(name, column = empty());
  return column;
}

function larger<T extends Float64Array | Int32Array | Uint8Array>(array: T, length: number): T {
  const grown = new (array.constructor as new (length: number) => T)(length);
  grown.set(array);
  return grown;
}
