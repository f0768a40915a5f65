/**
 * Reads what `deno coverage --lcov` prints and tells the share of lines that tests run, by room. Fails where
 * a room is below its floor in `.ci/coverage_floors.txt`.
 *
 *     deno task coverage
 *     deno coverage --lcov FOLDER | deno run --allow-read .ci/coverage.ts [ROOM…]
 *
 * Where rooms are named, as `metrics`, only these are told and held.
 *
 * Processes that tests start are not measured: rooms that work in processes of their own, as the
 * command line of the runner, are run by more than is counted.
 */

const floors = new Map(
  (await Deno.readTextFile(".ci/coverage_floors.txt")).split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .map((line) => line.split(" | "))
    .map(([room, percent]) => [room, Number(percent)] as const),
);
const root = Deno.cwd();
const text = await new Response(Deno.stdin.readable).text();
const found = new Map<string, { lines: number; run: number }>();
for (const record of text.split("end_of_record")) {
  const path = /^SF:(?:file:\/\/)?(.+)$/m.exec(record)?.[1];
  if (path === undefined || !path.startsWith(`${root}/`)) continue;
  const file = path.slice(root.length + 1);
  const room = /^(src\/[^/]+|serve|pipelines)\//.exec(file)?.[1];
  if (room === undefined) continue;
  const sum = found.get(room) ?? { lines: 0, run: 0 };
  for (const [, times] of record.matchAll(/^DA:\d+,(\d+)/gm)) {
    sum.lines++;
    if (times !== "0") sum.run++;
  }
  found.set(room, sum);
}
const percent = ({ lines, run }: { lines: number; run: number }) => 100 * run / Math.max(1, lines);
const named = Deno.args.map((name) => /^(serve|pipelines)$/.test(name) ? name : `src/${name}`);
// A room that is held and of which nothing was measured is below its floor too.
const rooms = named.length > 0 ? named : [...new Set([...found.keys(), ...floors.keys()])];
const rows = rooms.toSorted().map((room) => {
  const sum = found.get(room) ?? { lines: 0, run: 0 };
  const floor = floors.get(room);
  const low = floor !== undefined && percent(sum) < floor;
  const held = floor === undefined
    ? " (no floor)"
    : low
    ? `, below its floor of ${floor} %`
    : ` (floor ${floor} %)`;
  return { sum, low, text: `${room}: ${percent(sum).toFixed(1)} % of ${sum.lines} lines${held}` };
});
const all = rows.reduce(
  (total, { sum }) => ({ lines: total.lines + sum.lines, run: total.run + sum.run }),
  { lines: 0, run: 0 },
);
const told = [
  ...rows.map(({ text }) => text),
  `coverage: ${percent(all).toFixed(1)} % of ${all.lines} lines`,
];
await new Blob([told.join("\n") + "\n"]).stream().pipeTo(Deno.stdout.writable);
Deno.exit(rows.some(({ low }) => low) || all.lines === 0 ? 1 : 0);
