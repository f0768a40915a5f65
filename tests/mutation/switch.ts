/**
 * Which mutant is on in this process; `instrument.ts` puts the question into the code.
 *
 * The environment tells threads and child processes; where they may not read it, the number that
 * stands in `switch_value.ts` does.
 */

import { value } from "./switch_value.ts";

/** Sets a variable for child processes and threads too: tests have a copy of the environment. */
const setForAll = Deno.env.set.bind(Deno.env);

/** No mutant is on; all that are asked for are noted. */
const NOTE = -1;

let active = fromOutside();
const noted = new Set<number>();

function fromOutside(): number {
  try {
    return Number(Deno.env.get("DENO_MUTANT") ?? value);
  } catch {
    return value; // this process may not read the environment
  }
}

/** Whether a mutant is on. */
export function isMutant(id: number): boolean {
  return active === id || active === NOTE && note(id);
}

/** Switches a mutant on, here and in what is started from now on; 0 is none. */
export function setMutant(id: number): void {
  active = id;
  noted.clear();
  setForAll("DENO_MUTANT", String(id));
}

/** The mutants that were asked for in this thread since they were last taken. */
export function takeNoted(): number[] {
  const ids = [...noted];
  noted.clear();
  return ids;
}

function note(id: number): false {
  if (noted.has(id)) return false;
  noted.add(id);
  try {
    const path = Deno.env.get("DENO_MUTANT_NOTES");
    if (path !== undefined) Deno.writeTextFileSync(path, `${id}\n`, { append: true });
  } catch {
    // A process that may not write notes nothing: its mutants are found by its starter's only.
  }
  return false;
}
