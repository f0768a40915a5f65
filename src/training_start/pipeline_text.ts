/** The text of a pipeline that trains on somebody's data. */

import type { ColumnGuess } from "./column_guess.ts";
import type { DataLook } from "./data_look.ts";

/** Where the text is to stand. */
export interface TextPlace {
  /** Name of the pipeline, as `home_equity`. */
  readonly name: string;
  /** How the file imports a room of the framework. */
  readonly room: (room: string) => string;
}

/** Rows from which on a part is held out to judge the best candidate by. */
const ENOUGH_ROWS = 500;
/** Rows of each class that this needs. */
const ENOUGH_OF_CLASS = 25;
const FOLDS = 5;
/** Characters from which on a list is only counted. */
const LONG = 80;
/** Columns up to which each has a line of its own. */
const FEW_COLUMNS = 18;
/** Columns that are left out, up to which each has a line of its own with the reason. */
const FEW_LEFT = 8;
/** Characters of a line of names. */
const LINE = 90;

/** Writes the pipeline; lines are broken by the formatter afterwards. */
export function trainingText(look: DataLook, { name, room }: TextPlace): string {
  const { path, rows, target, task, group, columns } = look;
  const used = columns.filter(({ kind }) => kind !== undefined);
  const left = columns.filter(({ kind }) => kind === undefined);
  const classed = task.kind === "classes";
  const least = classed ? Math.min(...task.classes.map(([, count]) => count)) : rows;
  const folds = Math.min(FOLDS, least);
  const kinds = [...new Set(used.map(({ kind }) => kind!))];
  const targetKind = classed ? "classes" : "value";
  const compact = columns.length > FEW_COLUMNS;
  const groups = compact ? alikeColumns(used) : used.map((column) => [column]);
  const hidden = left.length > FEW_LEFT ? left.filter(({ name }) => isPlain(name)) : [];
  const imports = [
    ...[targetKind, "featureSet", ...kinds],
    ...groups.some((group) => group.length > 1) ? ["alike"] : [],
    ...hidden.length > 0 ? ["listed"] : [],
  ].sort();
  const binary = classed && task.positive !== undefined;
  const tests = rows >= ENOUGH_ROWS && least >= ENOUGH_OF_CLASS;
  const split = classed
    ? group === undefined ? "stratified" : "stratifiedGrouped"
    : group === undefined
    ? "plain"
    : "grouped";
  const day = columns.find(({ kind }) => kind === "date");
  const defaults = [
    `data: ${text(path)}`,
    `experiment: "${name}"`,
    ...folds < FOLDS ? [`folds: ${folds}`] : [],
  ];
  const lines = [
    `/** Predicts ${comment(target)}: a first training, its columns guessed from the data. */`,
    "",
    `import { z } from "zod";`,
    `import { ${imports.join(", ")} } from "${room("features")}";`,
    `import { pipeline } from "${room("pipeline")}";`,
    `import { grid, training, trainingParams } from "${room("training")}";`,
    "",
    "/** What is known of each column. Correct it: cleaning, training and serving follow. */",
    "export const features = featureSet({",
    ...targetLines(look),
    ...group === undefined
      ? []
      : ["  // Rows of one value are never on both sides of a split.", `  group: ${text(group)},`],
    ...left.length === 0
      ? []
      : hidden.length === left.length
      ? tagged("  ignore: listed", hidden)
      : [
        "  ignore: [",
        ...left.filter((column) => !hidden.includes(column)).map(leftLine),
        ...hidden.length > 0 ? tagged("    ...listed", hidden) : [],
        "  ],",
      ],
    "  columns: {",
    ...groups.flatMap((group) => group.length > 1 ? groupLines(group) : columnLine(group[0])),
    "  },",
    "});",
    "",
    `export default pipeline("${name}", {`,
    `  description: ${text(`Train the model of ${target}`)},`,
    `  params: trainingParams({`,
    `    trees: z.int().min(1).default(200).describe("Trees of each candidate"),`,
    `  }, { ${defaults.join(", ")} }),`,
    "}, (builder) => {",
    "  const { trees: nEstimators } = builder.params;",
    "  training(builder, {",
    `    name: "${name.replaceAll("_", "-")}",`,
    "    features,",
    "    candidates: grid({",
    "      learner: [",
    `        { kind: "gradientBoosting", params: { nEstimators, learningRate: 0.05, maxDepth: 3 } },`,
    `        { kind: "gradientBoosting", params: { nEstimators, learningRate: 0.05, maxDepth: 6 } },`,
    `        { kind: "randomForest", params: { nEstimators } },`,
    "      ],",
    "    }),",
    ...day === undefined
      ? []
      : [`    // To be judged on later rows: { kind: "time", column: ${text(day.name)} }.`],
    `    split: { kind: "${split}"${tests ? ", test: 0.2" : ""} },`,
    `    select: "${binary ? "roc_auc" : classed ? "f1_macro" : "rmse"}",`,
    ...binary
      ? [
        `    threshold: { metric: "f1" }, // or { costs: { falsePositive: 1, falseNegative: 5 } }`,
      ]
      : classed
      ? []
      : ["    coverage: 0.9, // of the interval that goes with each prediction"],
    "  });",
    "});",
  ];
  return `${lines.join("\n")}\n`;
}

function targetLines({ target, task }: DataLook): string[] {
  if (task.kind === "value") return [`  target: value(${text(target)}),`];
  const { classes, spellings, positive, couldBeNumber } = task;
  const names = classes.map(([name]) => text(name));
  const counts = classes.map(([name, rows]) => `${comment(name)} ${rows}×`).join(", ");
  const most = positive === undefined ? "" : `; the rarer one is looked for`;
  const options = positive === undefined ? "" : `, { positive: ${text(positive)} }`;
  return [
    ...couldBeNumber ? [`  // As a number: value(${text(target)}), from the same room.`] : [],
    ...spellings.map((said) => `  // ${comment(said)}: write it one way in the data.`),
    `  // ${counts.length > LONG ? `${classes.length} classes` : counts}${most}.`,
    `  target: classes(${text(target)}, [${names.join(", ")}]${options}),`,
  ];
}

function columnLine(column: ColumnGuess): string {
  const { name, seen } = column;
  return `    ${key(name)}: ${declared(column)},${seen === "" ? "" : ` // ${comment(seen)}`}`;
}

function declared({ kind, options }: ColumnGuess): string {
  return `${kind}(${options.length > 0 ? `{ ${options.join(", ")} }` : ""})`;
}

/** Columns that are declared alike stand together, in the order of the first of them. */
function alikeColumns(columns: readonly ColumnGuess[]): ColumnGuess[][] {
  const byText = Map.groupBy(
    columns,
    (column) => isPlain(column.name) ? declared(column) : `${declared(column)} ${column.name}`,
  );
  return [...byText.values()];
}

function groupLines(group: readonly ColumnGuess[]): string[] {
  return tagged(`    ...alike(${declared(group[0])})`, group);
}

/** Names with commas between them behind a tag, on its line where they fit. */
function tagged(tag: string, columns: readonly ColumnGuess[]): string[] {
  const short = `${tag}\`${columns.map(({ name }) => name).join(", ")}\`,`;
  if (short.length <= LINE + 8) return [short];
  const indent = tag.slice(0, tag.length - tag.trimStart().length);
  return [`${tag}\``, ...nameLines(columns), `${indent}\`,`];
}

function nameLines(columns: readonly ColumnGuess[]): string[] {
  const lines = [""];
  for (const { name } of columns) {
    const last = lines[lines.length - 1];
    if (last !== "" && last.length + name.length > LINE) lines.push(`${name},`);
    else lines[lines.length - 1] = last === "" ? `${name},` : `${last} ${name},`;
  }
  return lines.map((line) => `      ${line}`);
}

/** Whether a name can stand in a list of names as it is. */
function isPlain(name: string): boolean {
  return name === name.trim() && name !== "" && !/[,`\\\n\r]|\$\{/.test(name);
}

function leftLine({ name, seen }: ColumnGuess): string {
  return `    ${text(name)}, // ${comment(seen)}`;
}

function key(name: string): string {
  // Any other way of writing it sets the prototype.
  if (name === "__proto__") return '["__proto__"]';
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : text(name);
}

function text(value: string): string {
  return JSON.stringify(value).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Text that neither ends a comment nor breaks its line. */
function comment(value: string): string {
  return value.replaceAll(/\s+/g, " ").replaceAll("*/", "* /").trim();
}
