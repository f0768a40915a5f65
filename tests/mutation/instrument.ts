/**
 * One build with all mutants of a file in it, of which a number switches one on: a test process
 * then tries hundreds of them without being started, or its files transpiled, again.
 */

import { parseSync } from "oxc-parser";
import type { SyntaxNode } from "../../src/syntax/mod.ts";
import { type Mutation, mutationsOf } from "./operators.ts";

/** A mutation with the number that switches it on. */
export interface Mutant extends Mutation {
  readonly id: number;
  /** The file, from the project's folder. */
  readonly file: string;
  readonly line: number;
  /** What stands there without the mutant. */
  readonly before: string;
}

/** All mutants of a file, numbered from `first`. */
export function mutantsOf(file: string, source: string, first: number): Mutant[] {
  const { program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`Cannot parse ${file}: ${errors[0].message}`);
  return mutationsOf(program as unknown as SyntaxNode, source).map((mutation, place) => ({
    ...mutation,
    id: first + place,
    file,
    line: source.slice(0, mutation.start).split("\n").length,
    before: source.slice(mutation.start, mutation.end),
  }));
}

/** A place of the source with the mutants of it and the places within. */
interface Place {
  readonly start: number;
  readonly end: number;
  readonly form: Mutation["form"];
  readonly mutants: Mutant[];
  readonly within: Place[];
}

/**
 * The source with its mutants, each behind a question to the switch.
 *
 * @param address Where the file finds `switch.ts`.
 */
export function instrument(source: string, mutants: readonly Mutant[], address: string): string {
  const all: Place = {
    start: 0,
    end: source.length,
    form: "statement",
    mutants: [],
    within: [],
  };
  const open = [all];
  const order = [...mutants].sort((one, other) =>
    one.start - other.start || other.end - one.end ||
    (one.form === other.form ? one.id - other.id : one.form === "statement" ? -1 : 1)
  );
  for (const mutant of order) {
    let last = open.at(-1)!;
    while (mutant.start >= last.end || mutant.end > last.end) {
      open.pop();
      last = open.at(-1)!;
    }
    if (
      last !== all && last.start === mutant.start && last.end === mutant.end &&
      last.form === mutant.form
    ) last.mutants.push(mutant);
    else {
      const { start, end, form } = mutant;
      const place: Place = { start, end, form, mutants: [mutant], within: [] };
      last.within.push(place);
      open.push(place);
    }
  }
  // On the first line, so that the numbers of lines stay.
  return `import { isMutant as $is } from ${JSON.stringify(address)}; ${inner(source, all)}`;
}

function inner(source: string, place: Place): string {
  let text = "";
  let at = place.start;
  for (const one of place.within) {
    text += source.slice(at, one.start) + switched(source, one);
    at = one.end;
  }
  return text + source.slice(at, place.end);
}

function switched(source: string, place: Place): string {
  const original = inner(source, place);
  if (place.form === "statement") {
    const [{ id }] = place.mutants;
    return `{if(!$is(${id})){${original}}}`;
  }
  const others = place.mutants.map(({ id, text }) => `$is(${id})?(${text}):`).join("");
  return `(${others}(${original}))`;
}
