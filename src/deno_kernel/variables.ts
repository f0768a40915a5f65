/** The variables of a notebook, which only the engine knows the names of. */

import type { ListedVariable } from "./host/variables.ts";
import type { Inspector } from "./inspector.ts";

/** Has the host list the variables of all cells, each read when it is looked at. */
export async function listedVariables(inspector: Inspector): Promise<readonly ListedVariable[]> {
  const getters = (await variableNames(inspector)).map((name) =>
    `get ${name}() { return ${name}; }`
  );
  const { result } = await inspector.post<{ result: { value?: ListedVariable[] } }>(
    "Runtime.evaluate",
    {
      expression: `globalThis.__dinoflow.variablesAre({ ${getters.join(", ")} })`,
      ...{ silent: true, returnByValue: true },
    },
  );
  return result.value ?? [];
}

async function variableNames(inspector: Inspector): Promise<readonly string[]> {
  const { names } = await inspector.post<{ names: string[] }>("Runtime.globalLexicalScopeNames");
  return names.filter((name) => !name.startsWith("__dinoflow"));
}

/** Milliseconds that a completion waits for a kernel, by whether a cell runs in it. */
const PATIENCE = { runs: 500, idle: 10_000 };

/**
 * Names of the columns of the tables that were shown, and of all variables that have columns, as
 * tables and feature sets; none while a cell `runs` that leaves the kernel no time to tell.
 */
export async function columnNames(inspector: Inspector, runs: boolean): Promise<readonly string[]> {
  const late = new Promise<readonly string[]>((resolve) => {
    Deno.unrefTimer(setTimeout(() => resolve([]), runs ? PATIENCE.runs : PATIENCE.idle));
  });
  return await Promise.race([read(inspector).catch(() => []), late]);
}

async function read(inspector: Inspector): Promise<readonly string[]> {
  const reads = (await variableNames(inspector)).map((name) => `() => ${name}`);
  const { result } = await inspector.post<{ result: { value?: readonly string[] } }>(
    "Runtime.evaluate",
    {
      expression: `(() => {
        const found = new Set(globalThis.Deno.jupyter.columns?.() ?? []);
        for (const read of [${reads.join(", ")}]) {
          try {
            const { columns } = read();
            const names = Array.isArray(columns) ? columns : Object.keys(columns);
            for (const name of names) if (typeof name === "string") found.add(name);
          } catch {
            // It has no columns, or no value yet.
          }
        }
        return [...found];
      })()`,
      ...{ silent: true, returnByValue: true },
    },
  );
  return result.value ?? [];
}
