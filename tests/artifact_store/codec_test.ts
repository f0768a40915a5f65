import { assert, assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import fc from "fast-check";
import polars from "nodejs-polars";
import { SavedFile } from "../../src/pipeline/mod.ts";
import { contentsOf, decode, encode, UnkeepableError } from "../../src/artifact_store/mod.ts";

function roundTrip(value: unknown): unknown {
  const { document, blobs } = encode(value);
  return decode(document, blobs);
}

Deno.test("codec: any plain value comes back as it was", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  });
  fc.assert(fc.property(anything, (value) => assertEquals(roundTrip(value), value)), {
    numRuns: 500,
  });
});

Deno.test("codec: equal values have equal bytes, different ones have not", () => {
  const text = (value: unknown) => new TextDecoder().decode(encode(value).document);
  const big = () => Float64Array.from({ length: 1000 }, (_, i) => i);
  assertEquals(text({ a: [1, big()] }), text({ a: [1, big()] }));
  const changed = big();
  changed[999] = -1;
  assert(text(big()) !== text(changed));
  const kinds = [0, -0, NaN, null, undefined, "", "0", [], {}, [undefined], { a: undefined }];
  const kinds2 = [new Map(), new Set(), new Uint8Array(), new Int8Array(), 0n, { $: "undefined" }];
  assertEquals(new Set([...kinds, ...kinds2].map(text)).size, kinds.length + kinds2.length);
});

Deno.test("codec: what JSON cannot say, and what looks like our own marks", () => {
  const value = {
    numbers: [NaN, Infinity, -Infinity, -0, 1e-320],
    missing: undefined,
    holes: [1, undefined, 3],
    nested: new Map<unknown, unknown>([[{ key: 1 }, new Set([new Date(5), undefined])]]),
    $: "array",
    inner: { $: { $: "map", items: [] } },
  };
  assertEquals(roundTrip(value), value);
  assert(Object.is((roundTrip(value) as typeof value).numbers[3], -0));
});

Deno.test("codec: what stands in several places is one value again", () => {
  const date = new Date(5);
  const numbers = Float64Array.from({ length: 100 }, (_, i) => i);
  const bare = Object.assign(Object.create(null), { date });
  const map = new Map<unknown, unknown>([[date, numbers]]);
  const found = roundTrip({
    map,
    list: [numbers, date, map],
    bare,
    2: bare,
    $: date,
    none: [],
  }) as {
    map: typeof map;
    list: unknown[];
    bare: { date: Date };
    2: unknown;
    $: unknown;
  };
  assert(found.list[2] === found.map && found[2] === found.bare && found.$ === found.bare.date);
  assert(found.list[1] === found.bare.date && found.map.get(found.list[1]) === found.list[0]);
  assertEquals(found.list[0], numbers);
  // Written out, this would be some 10^18 lists.
  let wide: unknown = 1;
  for (let level = 0; level < 60; level++) wide = [wide, wide];
  let [walked, depth] = [roundTrip(wide) as unknown[], 0];
  for (; Array.isArray(walked); walked = walked[1] as unknown[], depth++) {
    assert(walked[0] === walked[1]);
  }
  assertEquals(depth, 60);
});

Deno.test("codec: arrays over shared memory come back over shared memory", () => {
  const data = new Float32Array(new SharedArrayBuffer(4000));
  data[7] = 0.5;
  const matrix = roundTrip({ rows: 10, columns: 100, data }) as { data: Float32Array };
  assertInstanceOf(matrix.data.buffer, SharedArrayBuffer);
  assertEquals([...matrix.data], [...data]);
  const view = new Float64Array([1, 2, 3, 4]).subarray(1, 3);
  assertEquals([...roundTrip(view) as Float64Array], [2, 3]);
});

Deno.test("codec: large arrays are blobs of raw numbers, frames are Parquet, files themselves", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "<h1>Report</h1>");
  const frame = polars.DataFrame({ age: [1, 2, null], name: ["a", null, "c"] });
  const value = {
    ids: Uint16Array.from({ length: 300 }, (_, i) => i),
    frame,
    file: new SavedFile(file),
  };
  const { document, blobs } = encode(value);
  const kinds = [...blobs.values()].map((blob) => new TextDecoder().decode(blob.slice(0, 4)));
  assertEquals(kinds, ["\0\0\x01\0", "PAR1", "<h1>"]);
  assertEquals(new Set(contentsOf(document).blobs), new Set(blobs.keys()));
  assertEquals(contentsOf(document).files.map(({ path }) => path), [file]);
  const read = decode(document, blobs) as typeof value;
  assertEquals(read.frame.toRecords(), frame.toRecords());
  assertEquals(read.file, value.file);
  await Deno.remove(file);
});

Deno.test("codec: a value without bytes is refused by the place where it is", () => {
  const cycle: { self?: unknown } = {};
  cycle.self = cycle;
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level++) deep = { deep };
  const refused: [unknown, string][] = [
    [() => 1, "its value is a function"],
    [{ model: [{ predict() {} }] }, "its value at .model[0].predict is a function"],
    [{ at: new URL("http://a") }, "its value at .at is an instance of URL"],
    [[Symbol("x")], "its value at [0] is a symbol"],
    [{ cycle }, "its value at .cycle.self is part of itself"],
    [deep, "its value is nested more than 1000 levels deep"],
    [(function* () {})(), "its value is an instance of a class"],
    [{ [Symbol("key")]: 1 }, "its value is keyed by a symbol"],
    [new DataView(new ArrayBuffer(2)), "its value is a DataView"],
    [new (class Model {})(), "its value is an instance of Model"],
  ];
  for (const [value, message] of refused) {
    assertThrows(() => encode(value), UnkeepableError, message);
  }
  let level: unknown = 1;
  for (let count = 0; count < 1000; count++) level = [level];
  assertEquals(JSON.stringify(roundTrip(level)), JSON.stringify(level));
});
