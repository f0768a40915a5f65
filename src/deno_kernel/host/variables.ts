/** The variables of all cells: the kernel knows their names, this process has their values. */

/** A variable as it is listed: name, type, size and value, as texts. */
export type ListedVariable = readonly [
  name: string,
  type: string,
  size: string | null,
  value: string | null,
];

/** Characters of a value that are shown. */
const SHORT = 60;

/** What lists them. */
export interface VariableList {
  /** All of them, as the kernel finds them. */
  variables(): Promise<readonly ListedVariable[]>;
  /** Hears the kernel: getters of all names. Gives the list to it and to all that wait. */
  variablesAre(getters: Readonly<Record<string, unknown>>): readonly ListedVariable[];
}

/** Lists the variables for cells, which `ask` the kernel for them, and for the kernel itself. */
export function listVariables(ask: () => void): VariableList {
  const before = new Set(Object.getOwnPropertyNames(globalThis));
  const waiting: ((found: readonly ListedVariable[]) => void)[] = [];
  const read = (from: object, names: readonly string[]) =>
    names.flatMap((name): ListedVariable[] => {
      try {
        const value = (from as Record<string, unknown>)[name];
        return isData(value) ? [[name, ...describe(value)]] : [];
      } catch {
        return []; // its cell did not come so far
      }
    });
  return {
    variables() {
      return new Promise((resolve) => {
        waiting.push(resolve);
        ask();
      });
    },
    variablesAre(getters) {
      const added = Object.getOwnPropertyNames(globalThis)
        .filter((name) => !before.has(name) && !name.startsWith("__dinoflow"));
      const found = [...read(globalThis, added), ...read(getters, Object.keys(getters))];
      for (const resolve of waiting.splice(0)) resolve(found);
      return found;
    },
  };
}

/** What is imported or declared to be called is no variable to look at. */
function isData(value: unknown): boolean {
  return typeof value !== "function" &&
    Object.prototype.toString.call(value) !== "[object Module]";
}

/** Type, size and value of a variable; tables of all kinds have rows and columns for a size. */
function describe(value: unknown): [type: string, size: string | null, value: string | null] {
  if (typeof value === "string") return ["string", `${value.length} characters`, short(value)];
  if (typeof value !== "object" || value === null) {
    return [value === null ? "null" : typeof value, null, String(value)];
  }
  const type = value.constructor?.name ?? "Object";
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const { length, byteLength } = value as Uint8Array;
    return [type, `${count(length)} × ${byteLength / length || 0} bytes`, null];
  }
  if (Array.isArray(value)) return [type, count(value.length), inspect(value)];
  if (value instanceof Map || value instanceof Set) {
    return [type, count(value.size), inspect(value)];
  }
  const { rows, columns } = value as { rows?: unknown; columns?: unknown };
  if (typeof rows === "number" && typeof columns === "number") {
    return [type === "Object" ? "Matrix" : type, `${count(rows)} × ${count(columns)}`, null];
  }
  if (typeof rows === "number" && typeof columns === "object" && columns !== null) {
    return table(type === "Object" ? "Table" : type, rows, Object.keys(columns));
  }
  const { writeParquet, height } = value as { writeParquet?: unknown; height?: number };
  if (typeof writeParquet === "function" && Array.isArray(columns)) {
    return table("DataFrame", height ?? 0, columns.map(String));
  }
  return [type, null, inspect(value)];
}

function table(type: string, rows: number, names: readonly string[]) {
  const size = `${count(rows)} × ${count(names.length)}`;
  return [type, size, short(names.join(", "))] as [string, string, string];
}

function inspect(value: unknown): string {
  const limits = { depth: 1, iterableLimit: 8, strAbbreviateSize: SHORT };
  return short(Deno.inspect(value, { ...limits, breakLength: Infinity, compact: true }));
}

function short(text: string): string {
  const line = text.slice(0, 10 * SHORT).replaceAll(/\s+/g, " ");
  return line.length > SHORT ? `${line.slice(0, SHORT - 1)}…` : line;
}

function count(value: number): string {
  return value.toLocaleString("en");
}
