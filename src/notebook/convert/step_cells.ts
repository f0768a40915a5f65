/** What the cells of a notebook become in a pipeline: parameters, definitions, steps. */

import { DataError } from "../../base/mod.ts";
import type { CodeCell, Statement } from "../../deno_kernel/mod.ts";

/** A statement with its text. */
export interface Piece extends Statement {
  readonly cell: number;
  readonly text: string;
}

/** A step as its cells declare it. */
export interface CellStep {
  readonly name: string;
  /** What it does. */
  readonly body: readonly Piece[];
  /** Names of earlier steps that it takes, each with the step that made it. */
  readonly takes: ReadonlyMap<string, string>;
  /** Parameters that it takes. */
  readonly params: readonly string[];
  /** Names that it gives: those that later steps take, or all if none is taken. */
  readonly gives: readonly string[];
}

/** The parts of a pipeline. */
export interface PipelineParts {
  /** Declarations of the parameters. */
  readonly params: readonly Piece[];
  /** Imports that are needed. */
  readonly imports: readonly Piece[];
  /** Functions and types that steps need, in their order. */
  readonly definitions: readonly Piece[];
  /** The steps in their order. */
  readonly steps: readonly CellStep[];
  /** Names that the imports are needed for. */
  readonly imported: ReadonlySet<string>;
}

/** Modules whose functions only show something. */
const displays = /\/(?:cells|notebook)\/mod\.ts$/;

/**
 * Sorts the statements of a notebook into the parts of a pipeline.
 *
 * @throws {DataError} if no cell is a step, or a step needs what no step makes.
 */
export function pipelineParts(cells: readonly CodeCell[], path: string): PipelineParts {
  const byCell = new Map(
    cells.map((cell) => [
      cell,
      cell.facts.map((statement): Piece => ({
        ...statement,
        cell: cell.cell,
        text: cell.source.slice(statement.start, statement.end),
      })),
    ]),
  );
  const pieces = (cell: CodeCell) => byCell.get(cell)!;
  const fail = (why: string, next: string) =>
    new DataError(`Cannot make a pipeline of ${path}: ${why}`, { next });
  const all = cells.flatMap(pieces);
  const imports = all.filter(({ kind }) => kind === "import");
  const shown = namesOf(imports.filter(({ specifier }) => displays.test(specifier ?? "")));
  const params = cells.filter(({ tags }) => tags.includes("parameters")).flatMap(pieces)
    .filter(({ kind }) => kind === "values");
  const paramNames = namesOf(params);

  const bodies = new Map<string, Piece[]>();
  for (const cell of cells) {
    const name = cell.tags.find((tag) => tag.startsWith("step:"))?.slice("step:".length);
    if (name === undefined) continue;
    if (!/^[A-Za-z][\w.-]*$/.test(name)) {
      throw fail(
        `cell ${cell.cell} is tagged "step:${name}"`,
        "name the step with letters and digits",
      );
    }
    const work = pieces(cell).filter((piece) =>
      piece.kind !== "import" && !piece.references.some(({ name }) => shown.has(name)) &&
      !isBareValue(piece)
    );
    bodies.set(name, [...bodies.get(name) ?? [], ...work]);
  }
  if (bodies.size === 0) throw fail("no cell is a step", 'tag cells "step:NAME"');

  const inSteps = new Set([...bodies.values()].flat());
  const makers = new Map<string, string>();
  const definitions = new Map<string, Piece>();
  for (const piece of all) {
    if (piece.kind !== "definition") continue;
    for (const { name } of piece.declared) definitions.set(name, piece);
  }
  const needed = new Set<Piece>();
  const need = (piece: Piece) => {
    if (needed.has(piece)) return;
    needed.add(piece);
    for (const { name } of piece.references) {
      const definition = definitions.get(name);
      if (definition) need(definition);
      else if (makers.has(name) || paramNames.has(name)) {
        throw fail(
          `"${piece.declared[0].name}" in cell ${piece.cell} uses "${name}" of the notebook`,
          `give it as an argument: functions of a pipeline know no steps`,
        );
      }
    }
  };
  const loose = new Map(
    all.filter((piece) => piece.kind === "values" && !inSteps.has(piece) && !params.includes(piece))
      .flatMap(({ declared, cell }) => declared.map(({ name }) => [name, cell])),
  );

  const steps = [...bodies].map(([name, body]) => {
    const own = namesOf(body);
    const takes = new Map<string, string>();
    const taken = new Set<string>();
    for (const { references, cell } of body) {
      for (const reference of references) {
        const maker = makers.get(reference.name);
        if (own.has(reference.name) && maker === undefined) continue;
        if (maker !== undefined && (own.has(reference.name) || reference.assigned)) {
          throw fail(
            `step "${name}" changes "${reference.name}", which step "${maker}" makes`,
            "give what it makes a name of its own",
          );
        }
        if (maker !== undefined) takes.set(reference.name, maker);
        else if (paramNames.has(reference.name)) taken.add(reference.name);
        else if (definitions.has(reference.name)) need(definitions.get(reference.name)!);
        else if (loose.has(reference.name)) {
          throw fail(
            `step "${name}" in cell ${cell} uses "${reference.name}", ` +
              `which cell ${loose.get(reference.name)} makes without being a step`,
            'tag that cell "step:NAME" too',
          );
        }
      }
    }
    const values = [...namesOf(body.filter(({ kind }) => kind === "values"))];
    for (const value of values) makers.set(value, name);
    return { name, body, takes, params: [...taken], gives: values };
  });
  const wanted = new Set(steps.flatMap(({ takes }) => [...takes.keys()]));
  const used = steps.map((step) => {
    const gives = step.gives.filter((name) => wanted.has(name));
    // A helper that other steps need as well stands above all of them, once.
    const body = step.body.filter((piece) => !needed.has(piece));
    return { ...step, body, gives: gives.length > 0 ? gives : step.gives };
  });
  const mentioned = new Set(
    [...inSteps, ...needed].flatMap(({ references }) => references.map(({ name }) => name)),
  );
  return {
    params,
    imports: imports.filter(({ declared }) =>
      declared.length === 0 || declared.some(({ name }) => mentioned.has(name))
    ),
    definitions: all.filter((piece) => needed.has(piece)),
    steps: used,
    imported: mentioned,
  };
}

function namesOf(pieces: readonly Piece[]): Set<string> {
  return new Set(pieces.flatMap(({ declared }) => declared.map(({ name }) => name)));
}

/** A value as the last line of a cell, only to be shown. */
function isBareValue({ kind, text }: Piece): boolean {
  return kind === "action" && /^[\w$.?[\]"']+;?$/.test(text);
}
