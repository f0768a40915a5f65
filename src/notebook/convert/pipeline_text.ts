/** A pipeline's file, written from its parts. */

import { UserError } from "../../base/mod.ts";
import type { CellStep, Piece, PipelineParts } from "./step_cells.ts";

/** What the file says beside its steps. */
export interface PipelineHead {
  /** Name of the pipeline, the same as its file's. */
  readonly name: string;
  /** What it does, one clause. */
  readonly description: string;
  /** The notebook that it was made of, as the file's comment names it. */
  readonly notebook: string;
  /** How the file imports the framework's pipelines. */
  readonly framework: string;
  /** How the file imports what the notebook imports as `specifier`. */
  readonly specifierOf: (specifier: string) => string;
}

/** Writes the text of the file; not yet formatted. */
export function pipelineText(parts: PipelineParts, head: PipelineHead): string {
  const { params, imports, definitions, steps, imported } = parts;
  const handleOf = handleNames(parts);
  const builder = params.length === 0 ? "{ step }" : "{ step, params }";
  const schema = params.length === 0
    ? ""
    : `\n  params: z.object({ ${params.map(paramSchema).join(" ")} }),`;
  return `/** Made of ${head.notebook}; edit either and the other does not follow. */

import { pipeline } from "${head.framework}";
${params.length === 0 ? "" : 'import { z } from "zod";\n'}${
    imports.map((piece) => importText(piece, imported, head.specifierOf)).join("\n")
  }

${definitions.map(({ text }) => text).join("\n\n")}

export default pipeline(${JSON.stringify(head.name)}, {
  description: ${JSON.stringify(head.description)},${schema}
}, (${builder}) => {
${steps.map((step) => stepText(step, steps, handleOf)).join("\n")}
});
`;
}

/** Names the handles of steps: as the steps, unless a step means something else by that. */
function handleNames({ steps, imported }: PipelineParts): (step: CellStep) => string {
  const given = new Set(steps.flatMap(({ gives }) => gives));
  const others = new Set(
    ["step", "params", "pipeline", "z", ...imported].filter((name) => !given.has(name)),
  );
  return ({ name, gives }) => {
    const handle = name.replaceAll(
      /[^A-Za-z0-9_]+(.)?/g,
      (_, next?: string) => next?.toUpperCase() ?? "",
    );
    // A step of several values is taken under its own name, which must be none of theirs.
    const isFree = (name: string) => !others.has(name) && (gives.length === 1 || !given.has(name));
    let free = handle;
    while (!isFree(free)) free += "Step";
    return free;
  };
}

/** A step as a call of the builder. */
function stepText(
  step: CellStep,
  steps: readonly CellStep[],
  handleOf: (step: CellStep) => string,
): string {
  const { name, body, takes, params, gives } = step;
  const makers = [...new Set(takes.values())].map((maker) =>
    steps.find((step) => step.name === maker)!
  );
  const single = ({ gives }: CellStep) => gives.length === 1 ? gives[0] : undefined;
  const inputs = makers.map((maker) => {
    const [key, value] = [single(maker) ?? handleOf(maker), handleOf(maker)];
    return { key, wiring: key === value ? key : `${key}: ${value}` };
  });
  const lines = [
    ...params.length === 0 ? [] : [`const { ${params.join(", ")} } = params;`],
    ...makers.filter((maker) => single(maker) === undefined).map((maker) => {
      const names = [...takes].filter(([, from]) => from === maker.name).map(([name]) => name);
      return `const { ${names.join(", ")} } = ${handleOf(maker)};`;
    }),
    ...body.map(({ text }) => text),
    ...gives.length === 0 ? [] : [`return ${single(step) ?? `{ ${gives.join(", ")} }`};`],
  ];
  const given = inputs.length === 0 ? "" : `{ ${inputs.map(({ key }) => key).join(", ")} }`;
  const wiring = inputs.length === 0
    ? ""
    : `{ ${inputs.map(({ wiring }) => wiring).join(", ")} }, `;
  const async = body.some(({ awaits }) => awaits) ? "async " : "";
  const taken = steps.some(({ takes }) => [...takes.values()].includes(name));
  const handle = taken ? `const ${handleOf(step)} = ` : "";
  return `  ${handle}step(${JSON.stringify(name)}, ${wiring}${async}(${given}) => {
${lines.join("\n")}
});
`;
}

/** A parameter's declaration as a property of the schema: its value is the default. */
function paramSchema({ text, cell }: Piece): string {
  const [, name, value] =
    /^(?:const|let|var)\s+([\w$]+)\s*(?::[^=]+)?=\s*([\s\S]*?)\s*;?$/.exec(text) ?? [];
  const type = value === undefined ? undefined : schemaOf(value);
  if (type !== undefined) return `${name}: ${type}.default(${value}),`;
  throw new UserError(`Cannot make a parameter of "${text}" in cell ${cell}`, {
    next: "declare each by itself, with a number, a text, a truth value or a list of them",
  });
}

function schemaOf(value: string): string | undefined {
  if (/^-?[\d_]+$/.test(value)) return "z.number().int()";
  if (/^-?[\d_]*\.?\d[\d_]*(e[+-]?\d+)?$/i.test(value)) return "z.number()";
  if (/^(true|false)$/.test(value)) return "z.boolean()";
  if (/^(["'])(?:(?!\1)[^\\\n]|\\.)*\1$/.test(value)) return "z.string()";
  const items = /^\[([\s\S]+)\]$/.exec(value)?.[1].split(",").map((item) => item.trim());
  const types = new Set(items?.filter((item) => item !== "").map(schemaOf));
  const [item] = types;
  return types.size === 1 && item !== undefined ? `z.array(${item})` : undefined;
}

/** An import with the names that are needed, from where the file lies. */
function importText(
  { text, specifier, declared }: Piece,
  imported: ReadonlySet<string>,
  specifierOf: (specifier: string) => string,
): string {
  const unused = new Set(
    declared.map(({ name }) => name).filter((name) => !imported.has(name)),
  );
  const kept = text.replace(/\{([^}]*)\}/, (_, names: string) => {
    const wanted = names.split(",").map((name) => name.trim()).filter((name) =>
      name !== "" && !unused.has(name.split(/\s+as\s+/).at(-1)!.replace(/^type\s+/, ""))
    );
    return `{ ${wanted.join(", ")} }`;
  });
  const at = kept.lastIndexOf(specifier!);
  return kept.slice(0, at) + specifierOf(specifier!) + kept.slice(at + specifier!.length);
}
