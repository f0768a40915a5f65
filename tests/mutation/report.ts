/** What mutation testing found, as `docs/mutation.md` tells it. */

import type { Mutant } from "./instrument.ts";
import type { Room } from "./rooms.ts";

/** What became of the mutants of a room. */
export interface Outcome {
  readonly name: string;
  readonly room: Room;
  /** All mutants of the room's files. */
  readonly all: number;
  /** Those that were tried, without the equivalent ones. */
  readonly tried: number;
  readonly equivalent: number;
  /** Noticed by a test that failed, and by one that came to no end. */
  readonly failed: number;
  readonly hung: number;
  readonly survivors: readonly Mutant[];
  /** Those of the survivors that no test reaches. */
  readonly unreached: ReadonlySet<number>;
  readonly seed: number;
  readonly seconds: number;
  /** Test files that were left out, and why. */
  readonly leftOut: readonly string[];
  /** Whether the time was over before all tests were run: survivors may be none. */
  readonly unfinished: boolean;
}

/** The share of the tried mutants that was noticed. */
export function shareOf({ tried, survivors }: Outcome): number {
  return tried === 0 ? 1 : 1 - survivors.length / tried;
}

const head = `# Mutation testing

\`deno task mutate [ROOM…]\` changes one thing in a copy of the sources and runs the tests that reach
it; a change that no test notices is a survivor. \`--report\` writes the room's part of this page.

| room | date | mutants | tried | a test failed | no end | survived | noticed | floor |
| ---- | ---- | ------- | ----- | ------------- | ------ | -------- | ------- | ----- |
`;

/** A text on one line, as code in Markdown. */
function code(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return "\`" + (line.length > 70 ? line.slice(0, 67) + "…" : line).replaceAll("\`", "'") + "\`";
}

/** A survivor on a line. */
export function lineOf(mutant: Mutant, unreached: boolean): string {
  const { file, line, operator, before, text } = mutant;
  return `${file}:${line} ${operator}: ${code(before)}` +
    (text === "" ? "" : ` → ${code(text)}`) + (unreached ? " (reached by no test)" : "");
}

function part(outcome: Outcome): string {
  const { name, room, all, tried, failed, hung, survivors, unreached, equivalent } = outcome;
  const row = [
    ...[name, new Date().toISOString().slice(0, 10), all, tried, failed, hung, survivors.length],
    ...[`${(shareOf(outcome) * 100).toFixed(1)} %`, `${room.floor * 100} %`],
  ];
  return [
    `## ${name}: ${room.about}`,
    "",
    `<!-- | ${row.join(" | ")} | -->`,
    "",
    `${room.files.map((path) => `\`${path}\``).join(", ")}, seed ${outcome.seed}, ` +
    `${Math.round(outcome.seconds)} s, ${equivalent} equivalent left out.`,
    "",
    ...outcome.leftOut.map((line) => `- left out: ${line}`),
    ...survivors.map((mutant) => `- ${lineOf(mutant, unreached.has(mutant.id))}`),
    "",
  ].join("\n");
}

/** The page with the parts of these rooms written anew, but for those that are not finished. */
export function page(before: string, outcomes: readonly Outcome[]): string {
  const parts = new Map(
    before.split(/^(?=## )/m).slice(1).map((text) => [/^## (\w+)/.exec(text)![1], text]),
  );
  for (const outcome of outcomes.filter(({ unfinished }) => !unfinished)) {
    parts.set(outcome.name, part(outcome));
  }
  const sorted = [...parts].sort(([one], [other]) => one < other ? -1 : 1).map(([, text]) => text);
  const rows = sorted.map((text) => /<!-- (\|.*\|) -->/.exec(text)![1] + "\n");
  return `${head}${rows.join("")}\n${sorted.map((text) => text.trimEnd() + "\n").join("\n")}`;
}
