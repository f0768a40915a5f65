/** A look at data of one's own, and the training that is written for them. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { fromFileUrl, join, toFileUrl } from "@std/path";
import pl from "nodejs-polars";
import { UserError } from "../../src/base/mod.ts";
import type { ColumnGuess } from "../../src/training_start/column_guess.ts";
import { formatText } from "../../src/pipeline_cli/format_text.ts";
import { lookAt } from "../../src/training_start/data_look.ts";
import { trainingText } from "../../src/training_start/pipeline_text.ts";

const config = fromFileUrl(import.meta.resolve("../../deno.json"));

type Row = Record<string, string | number>;

const text = (rows: readonly Row[], separator = ",") =>
  [Object.keys(rows[0]), ...rows.map(Object.values)].map((row) => row.join(separator)).join("\n");

const rowsOf = (count: number, row: (i: number) => Row) =>
  Array.from({ length: count }, (_, i) => row(i));

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "start-" });
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function declaration({ kind, options, seen }: ColumnGuess): string {
  if (kind === undefined) return `(${seen})`;
  return `${kind}(${options.length > 0 ? `{ ${options.join(", ")} }` : ""})`;
}

/** What is guessed of a table, by column: its declaration, or in brackets why there is none. */
async function guess(content: string, target: string) {
  let found!: Awaited<ReturnType<typeof lookAt>>;
  await inFolder(async (folder) => {
    const path = join(folder, "data.csv");
    await Deno.writeTextFile(path, content);
    found = await lookAt(path, target);
  });
  const { task, group, columns } = found;
  const specs = columns.map((column) => [column.name, declaration(column)]);
  return { task, group, columns: Object.fromEntries(specs) as Record<string, string>, found };
}

const visits = rowsOf(600, (i) => ({
  visit: 5000 + i,
  "customer id": `c${i % 150}`,
  day: `2024-0${1 + i % 9}-1${i % 7}`,
  amount: `${10 + i % 37},${i % 10}5`,
  age: i % 11 === 0 ? "" : 20 + i % 50,
  plan: ["basic", "plus", "?", "gold"][i % 4],
  paid: ["yes", "no", "NA"][i % 3],
  balance: i % 20 === 0 ? -999 : i % 300,
  country: "AT",
  empty: "",
  note: `the customer wrote letter number ${i}`,
  churned: i % 4 === 1 ? "left" : "stayed",
}));

Deno.test("start: semicolons, decimal commas, dates, groups, markers, what says nothing", async () => {
  const { task, group, columns, found } = await guess(text(visits, ";"), "churned");
  assertEquals(task, {
    kind: "classes",
    classes: [["left", 150], ["stayed", 450]],
    positive: "left",
    couldBeNumber: false,
    spellings: [],
  });
  assertEquals(group, "customer id");
  assertEquals(columns, {
    visit: "(names its row)",
    day: 'date({ parts: ["month", "weekday"], age: { at: "2024-09-16" } })',
    amount: "number({ cap: false })",
    age: 'number({ missing: "keep", cap: false })',
    plan: 'oneHot({ missing: "category", markers: ["?"] })',
    paid: "boolean({ keepMissing: true })",
    balance: 'number({ min: 0, missing: "keep", cap: false })',
    country: "(always the same)",
    empty: "(no value)",
    note: "(sentences)",
  });
  const written = await formatText(trainingText(
    { ...found, path: "data/visits.csv" },
    { name: "visits", room: (room) => `../src/${room}/mod.ts` },
  ));
  assertEquals(
    written.split("\n").slice(8, 40).join("\n"),
    `export const features = featureSet({
  // left 150×, stayed 450×; the rarer one is looked for.
  target: classes("churned", ["left", "stayed"], { positive: "left" }),
  // Rows of one value are never on both sides of a split.
  group: "customer id",
  ignore: [
    "visit", // names its row
    "country", // always the same
    "empty", // no value
    "note", // sentences
  ],
  columns: {
    day: date({ parts: ["month", "weekday"], age: { at: "2024-09-16" } }),
    amount: number({ cap: false }),
    age: number({ missing: "keep", cap: false }), // 55 of 600 are missing
    plan: oneHot({ missing: "category", markers: ["?"] }), // ? is read as missing; 4 categories
    paid: boolean({ keepMissing: true }), // 200 of 600 are missing
    balance: number({ min: 0, missing: "keep", cap: false }), // -999 is read as missing
  },
});

export default pipeline("visits", {
  description: "Train the model of churned",
  params: trainingParams({
    trees: z.int().min(1).default(200).describe("Trees of each candidate"),
  }, { data: "data/visits.csv", experiment: "visits" }),
}, (builder) => {
  const { trees: nEstimators } = builder.params;
  training(builder, {
    name: "visits",
    features,
    candidates: grid({`,
  );
  assertStringIncludes(written, 'split: { kind: "stratifiedGrouped", test: 0.2 },');
  assert(written.split("\n").length < 60);
});

Deno.test("start: what is predicted is a number, some classes, or could be either", async () => {
  const kindOf = async (value: (i: number) => string | number) => {
    const rows = rowsOf(200, (i) => ({ x: i / 7, y: value(i) }));
    const { task } = await guess(text(rows), "y");
    return task.kind === "value" ? "value" : [
      task.classes.map(([name]) => name).join(" "),
      task.positive,
      task.couldBeNumber,
    ];
  };
  assertEquals(await kindOf((i) => (i * i) % 97 / 4), "value");
  assertEquals(await kindOf((i) => i * i % 97), "value");
  assertEquals(await kindOf((i) => i % 5 === 0 ? 1 : 0), ["0 1", "1", false]);
  assertEquals(await kindOf((i) => i % 5 === 0 ? "true" : "false"), ["false true", "true", false]);
  assertEquals(await kindOf((i) => 3 + i % 8), ["3 4 5 6 7 8 9 10", undefined, true]);
  assertEquals(await kindOf((i) => ["a", "b", "", "NA"][i % 4]), ["a b", "b", false]);
});

Deno.test("start: classes that may be one in several spellings are told", async () => {
  const of = async (...classes: readonly (string | number)[]) => {
    const rows = rowsOf(200, (i) => ({ x: i / 7, y: classes[i % classes.length] }));
    const { task, found } = await guess(text(rows), "y");
    if (task.kind !== "classes") throw new Error(task.kind);
    const written = trainingText(found, {
      name: "guessed",
      room: (room) => `../src/${room}/mod.ts`,
    });
    for (const said of task.spellings) {
      assertStringIncludes(written, `// ${said}: write it one way`);
    }
    return task.spellings;
  };
  assertEquals(await of("Yes", "no", "yes", "NO "), [
    '"NO ", "no" may be one class',
    '"Yes", "yes" may be one class',
  ]);
  assertEquals(await of("past-due", "past due", "paid"), [
    '"past due", "past-due" may be one class',
  ]);
  assertEquals(await of("C", "C++", "C#"), []);
  assertEquals(await of(-1, 1), []);
});

Deno.test("start: zeros far below all others are told, not decided", async () => {
  const rows = rowsOf(200, (i) => ({
    pressure: i % 10 === 0 ? 0 : 40 + i % 60,
    visits: i % 12,
    y: i % 2,
  }));
  const { found } = await guess(text(rows), "y");
  const seen = Object.fromEntries(found.columns.map(({ name, seen }) => [name, seen]));
  assertEquals(seen.pressure, "20 are 0, the next is 41: if 0 means none, add min: 1");
  assertEquals(seen.visits, "");
});

Deno.test("start: Parquet is read with its types", () =>
  inFolder(async (folder) => {
    const path = join(folder, "data.parquet");
    const frame = pl.DataFrame({
      amount: Array.from({ length: 100 }, (_, i) => i % 9 === 0 ? null : i * 0.37 % 5),
      open: Array.from({ length: 100 }, (_, i) => i % 3 === 0),
      risky: Array.from({ length: 100 }, (_, i) => i % 4 === 0 ? 1 : 0),
    });
    await Deno.writeFile(path, frame.writeParquet());
    const { task, columns } = await lookAt(path, "risky");
    assertEquals(task.kind === "classes" && task.classes.map(([, rows]) => rows), [75, 25]);
    assertEquals(columns.map(declaration), [
      'number({ missing: "keep", cap: false })',
      "boolean()",
    ]);
  }));

Deno.test("start: what cannot be learned is told with what to do next", async () => {
  const refused = async (content: string, target: string, message: RegExp, next: RegExp) => {
    const error = await assertRejects(() => guess(content, target), UserError);
    assertMatch(error.message, message);
    assertMatch(error.next ?? "", next);
  };
  const table = (value: (i: number) => string | number, count = 100) =>
    text(rowsOf(count, (i) => ({ x: i * 7 % 13, risk: value(i) })));
  await refused(
    table((i) => i % 2),
    "rsik",
    /Cannot find the column "rsik"/,
    /did you mean "risk"/,
  );
  await refused(table((i) => i % 2), "zzzzzz", /Cannot find/, /name one with --target: x, risk/);
  await refused(table(() => "a"), "risk", /all its values are the same/, /one other class/);
  await refused(table(() => ""), "risk", /no value/, /fill it/);
  await refused(table((i) => `t${i % 70}`, 280), "risk", /70 classes, at most 50/, /as a number/);
  await refused(table((i) => i === 3 ? "b" : "a"), "risk", /only one row is of "b"/, /add rows/);
  await refused(
    text(rowsOf(100, (i) => ({ id: 1000 + i, risk: i % 2 }))),
    "risk",
    /no column but "risk" can be used/,
    /id \(names its row\)/,
  );
  const error = await assertRejects(() => lookAt("no/such.csv", "y"), UserError);
  assertMatch(error.message, /there is no such file/);
});

/** The written text of a training for a table. */
async function written(content: string, target: string, name: string): Promise<string> {
  const { found } = await guess(content, target);
  return await formatText(trainingText(
    { ...found, path: "data/data.csv" },
    { name, room: (room) => `../src/${room}/mod.ts` },
  ));
}

Deno.test("start: forty columns stay below sixty lines, alike ones listed by name", async () => {
  const rows = rowsOf(600, (i) => ({
    ...Object.fromEntries(Array.from({ length: 40 }, (_, k) => [
      `measure_${k}`,
      k % 7 === 0
        ? ["u", "v", "w"][(i + k) % 3]
        : k % 5 === 0 && i % 6 === 0
        ? ""
        : i * (k + 3) % 97,
    ])),
    city: `city ${i % 60}`,
    "a, b": i % 13,
    "always": 1,
    late: i % 4 === 0 ? 1 : 0,
  }));
  const [header, ...lines] = text(rows).split("\n");
  const quoted = [header.replace("a, b", '"a, b"'), ...lines].join("\n");
  const found = await written(quoted, "late", "deliveries");
  assert(found.split("\n").length < 60, found);
  const left = rowsOf(600, (i) => ({
    ...Object.fromEntries(Array.from({ length: 12 }, (_, k) => [`same_${k}`, 1])),
    x: i % 97,
    late: i % 4 === 0 ? 1 : 0,
  }));
  assertStringIncludes(
    await written(text(left), "late", "deliveries"),
    `ignore: listed\`\n      same_0, same_1,`,
  );
  assertStringIncludes(found, "...alike(oneHot())`measure_0, ");
  assertStringIncludes(found, '...alike(number({ missing: "keep", cap: false }))`\n');
  assertStringIncludes(found, '"a, b": number({ cap: false }),');
  assertStringIncludes(found, "city: targetEncoding(), // 60 categories");
  assertStringIncludes(found, '"always", // always the same');
  await inFolder(async (folder) => {
    const path = join(folder, "many.ts");
    await Deno.writeTextFile(
      path,
      found.replaceAll("../src/", new URL("../../src/", import.meta.url).href),
    );
    const { features } = await import(toFileUrl(path).href);
    const declared = [...Object.keys(features.columns), ...features.ignore].sort();
    assertEquals(declared, Object.keys(rows[0]).filter((name) => name !== "late").sort());
  });
});

Deno.test("start: ugly columns are read where they can be, and told where they cannot", async () => {
  const rows = rowsOf(300, (i) => ({
    "": i,
    "Größe (m²)": `${20 + i % 90},5`,
    income: `€${1000 + i * 7 % 301}.50`,
    share: i % 17 === 0 ? "?" : `${i % 40}.5 %`,
    since: `${1 + i % 28}.${1 + i % 12}.2021`,
    label: i % 3,
    constructor: i * 11 % 23,
    visited: `2024-0${1 + i % 9}-10T23:30:00-05:00`,
    "Zahlt nicht?": i % 5 === 0 ? "ja" : "nein",
  }));
  const { columns, task } = await guess(`\ufeff${text(rows, "\t")}`, "Zahlt nicht?");
  assertEquals(task.kind === "classes" && task.positive, "ja");
  assertEquals(columns, {
    "": "(has no name; give it one in the data to use it)",
    "Größe (m²)": "number({ cap: false })",
    income: "number({ cap: false })",
    share: 'number({ missing: "keep", cap: false })',
    since: "(dates that are not written as 2024-01-31; write them so to use them)",
    label: "(named as an output of the model; rename it in the data to use it)",
    constructor: "number({ cap: false })",
    visited: 'date({ parts: ["month", "weekday"], age: { at: "2024-09-11" } })',
  });
});

Deno.test("start: a column named as what objects have is a column", () =>
  inFolder(async (folder) => {
    const path = join(folder, "data.csv");
    const rows = Array.from({ length: 60 }, (_, i) => `${i * 7 % 31},${i % 3},${i % 5},${i % 2}`);
    await Deno.writeTextFile(path, ["__proto__,constructor,toString,y", ...rows].join("\n"));
    const look = await lookAt(path, "y");
    const written = trainingText(look, { name: "odd", room: (name) => `../src/${name}/mod.ts` });
    for (const key of ['["__proto__"]:', "constructor:", "toString:"]) {
      assertStringIncludes(written, key);
    }
  }));

Deno.test("start: names that are long or odd make text that is right", async () => {
  const long =
    "a name that says at great length what has been measured, when, by whom and to what end";
  const rows = rowsOf(400, (i) => ({
    "price, in €": i * 7 % 11,
    'the "quoted" */ one': i % 13 === 0 ? "" : i * 3 % 17,
    [long]: i % 20 === 0 ? -999 : i % 50,
    [`${long} (kind)`]: i % 9 === 0 ? "n/a" : `kind ${i % 25}`,
    probability_x: i % 7,
    class: [`${long} 1`, `${long} 2`][Number(i % 3 === 0)],
    many: `an answer of the many that people gave, number ${i % 12}`,
  }));
  const content = [Object.keys(rows[0]), ...rows.map(Object.values)]
    .map((row) => row.map((cell) => `"${String(cell).replaceAll('"', '""')}"`).join(",")).join(
      "\n",
    );
  for (const target of ["class", "many", "price, in €"]) {
    const { found } = await guess(content, target);
    const written = await formatText(trainingText(
      { ...found, path: `data/${long.repeat(2)}.csv` },
      { name: "odd_names", room: (room) => `../src/${room}/mod.ts` },
    ));
    await inFolder(async (folder) => {
      await Deno.writeTextFile(join(folder, "odd.ts"), written);
      const { success, stderr } = await new Deno.Command(Deno.execPath(), {
        args: ["fmt", "--check", "--config", config, "odd.ts"],
        cwd: folder,
        env: { NO_COLOR: "1" },
      }).output();
      assert(success, new TextDecoder().decode(stderr));
    });
  }
});
