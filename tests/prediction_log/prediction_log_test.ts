import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import fc from "fast-check";
import { DataError, UsageError } from "../../src/base/mod.ts";
import {
  type LoggedPrediction,
  parseFileName,
  parseRedaction,
  type ReadOptions,
  readPredictions,
  redactor,
  RotatedLog,
  type RotatedLogOptions,
} from "../../src/prediction_log/mod.ts";
import { recordOf } from "./records.ts";

function open(folder: string, options: Partial<RotatedLogOptions> = {}): RotatedLog {
  return new RotatedLog({
    folder,
    kind: "predictions",
    maxFileBytes: 1e6,
    maxAgeDays: 30,
    maxTotalBytes: 1e9,
    onLost: (lines, reason) => {
      throw new Error(`${lines} lines lost: ${reason}`);
    },
    ...options,
  });
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await work(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

const names = (folder: string) => [...Deno.readDirSync(folder)].map(({ name }) => name).sort();

async function read(folder: string, options?: ReadOptions): Promise<LoggedPrediction[]> {
  return await Array.fromAsync(readPredictions(folder, options));
}

const idsOf = (records: LoggedPrediction[]) => records.map(({ request_id }) => request_id);

Deno.test("prediction log: what was written is read, with the last label that feedback gave", () =>
  inFolder(async (folder) => {
    const [log, feedback] = [open(folder), open(folder, { kind: "feedback" })];
    const records = ["a", "b", "c#0"].map((request_id) => recordOf({ request_id }));
    for (const record of records) log.write(record);
    const time = new Date().toISOString();
    for (const [id, label] of [["b", "Poor"], ["c#0", "Good"], ["b", "Good"], ["gone", "Poor"]]) {
      feedback.write({ time, request_id: id, label });
    }
    await Promise.all([log.close(), feedback.close()]);
    assertEquals(await read(folder), [
      records[0],
      { ...records[1], label: "Good" },
      { ...records[2], label: "Good" },
    ]);
    await assertRejects(() => read(join(folder, "none")), DataError, "Cannot read");
  }));

Deno.test("prediction log: from, to and the model choose records", () =>
  inFolder(async (folder) => {
    const log = open(folder);
    for (const [id, hour, version] of [["a", 9, "1"], ["b", 10, "1"], ["c", 11, "2"]] as const) {
      const time = new Date(Date.UTC(2026, 10, 21, hour)).toISOString();
      log.write(recordOf({ request_id: id, time, model_version: version }));
    }
    await log.close();
    // The file was begun after what these records tell.
    const [name] = names(folder);
    await Deno.rename(join(folder, name), join(folder, "predictions_20261121T090000_1_0.jsonl"));
    const at = (hour: number) => new Date(Date.UTC(2026, 10, 21, hour));
    assertEquals(idsOf(await read(folder, { from: at(10) })), ["b", "c"]);
    assertEquals(idsOf(await read(folder, { from: at(9), to: at(11) })), ["a", "b"]);
    assertEquals(idsOf(await read(folder, { to: at(9) })), []);
    assertEquals(idsOf(await read(folder, { model: "2" })), ["c"]);
    assertEquals(idsOf(await read(folder, { model: "Over_RandomForest_v_1" })), ["a", "b"]);
    assertEquals((await read(folder, { model: "Over_RandomForest" })).length, 3);
    assertEquals(await read(folder, { from: new Date(Date.now() + 60_000) }), []);
  }));

Deno.test("prediction log: a torn last line is left out, a damaged one within is told", () =>
  inFolder(async (folder) => {
    const line = JSON.stringify(recordOf());
    const path = join(folder, "predictions_20261121T100000_1_0.jsonl");
    for (const cut of [1, 20, line.length - 1]) {
      await Deno.writeTextFile(path, `${line}\n${line.slice(0, cut)}`);
      assertEquals(await read(folder), [recordOf()]);
    }
    await Deno.writeTextFile(path, `${line}\n{"torn\n${line}\n`);
    await assertRejects(() => read(folder), DataError, "line 2 is no record of the log");
    await Deno.writeTextFile(path, '{"time":1}\n');
    await assertRejects(() => read(folder), DataError, "line 1 is no record of the log");
    await Deno.writeTextFile(path, "");
    assertEquals(await read(folder), []);
  }));

Deno.test("prediction log: any writes, sizes and days: every line once, in order, in files of the size", async () => {
  const step = fc.record({
    letters: fc.nat(400),
    hours: fc.nat(10),
    flush: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      await inFolder(async (folder) => {
        let now = Date.UTC(2026, 0, 1);
        const maxFileBytes = 600;
        const log = open(folder, { maxFileBytes, now: () => new Date(now) });
        let batch = 0;
        let largest = 0;
        for (const [n, { letters, hours, flush }] of steps.entries()) {
          const record = recordOf({ request_id: `${n}${"ü".repeat(letters)}` });
          log.write(record);
          batch += new TextEncoder().encode(JSON.stringify(record)).length + 1;
          largest = Math.max(largest, batch);
          if (!flush) continue;
          await log.flush();
          batch = 0;
          now += hours * 3_600_000;
        }
        await log.close();
        const read = await Array.fromAsync(readPredictions(folder));
        assertEquals(read.map(({ request_id }) => parseInt(request_id)), [...steps.keys()]);
        const files = names(folder).map((name) => parseFileName(name)!);
        assertEquals(new Set(files.map(({ number }) => number)).size, files.length);
        assert(files.every(({ process }) => process === Deno.pid));
        for (const name of names(folder)) {
          const { size } = await Deno.stat(join(folder, name));
          assert(size > 0 && size < maxFileBytes + largest);
        }
      });
    }),
    { numRuns: Deno.args.includes("--full") ? 500 : 60 },
  );
});

Deno.test("prediction log: a new UTC day begins a new file", () =>
  inFolder(async (folder) => {
    let now = new Date("2026-11-21T23:59:59.500Z");
    const log = open(folder, { now: () => now });
    for (const time of ["2026-11-21T23:59:59.900Z", "2026-11-22T00:00:00.000Z"]) {
      now = new Date(time);
      log.write(recordOf({ time }));
      await log.flush();
    }
    await log.close();
    assertEquals(names(folder), [
      `predictions_20261121T235959_${Deno.pid}_0.jsonl`,
      `predictions_20261122T000000_${Deno.pid}_1.jsonl`,
    ]);
  }));

Deno.test("prediction log: logs of one process that begin together have a file each", () =>
  inFolder(async (folder) => {
    const now = () => new Date("2026-11-21T10:00:00Z");
    const logs = ["a", "b", "c"].map((request_id) => {
      const log = open(folder, { now });
      log.write(recordOf({ request_id, time: now().toISOString() }));
      return log;
    });
    await Promise.all(logs.map((log) => log.close()));
    assertEquals(names(folder).length, 3);
    assertEquals(idsOf(await read(folder)).sort(), ["a", "b", "c"]);
  }));

Deno.test("prediction log: what follows the removal of its file goes to a new one", {
  // Windows removes no file that is open.
  ignore: Deno.build.os === "windows",
}, () =>
  inFolder(async (folder) => {
    const log = open(folder);
    log.write(recordOf({ request_id: "a-1" }));
    await log.flush();
    await Deno.remove(join(folder, names(folder)[0]));
    log.write(recordOf({ request_id: "a-2" }));
    await log.close();
    const [file, ...more] = names(folder);
    assertEquals(more, []);
    assert((await Deno.readTextFile(join(folder, file))).includes('"a-2"'));
  }));

Deno.test("prediction log: old files go, and the oldest of too many; other files stay", () =>
  inFolder(async (folder) => {
    const now = new Date("2026-11-21T12:00:00.000Z");
    const make = async (name: string, daysAgo: number) => {
      await Deno.writeTextFile(join(folder, name), "x".repeat(100));
      const changed = new Date(now.getTime() - daysAgo * 86_400_000);
      await Deno.utime(join(folder, name), changed, changed);
    };
    await make("predictions_20261001T000000_1_0.jsonl", 40);
    await make("predictions_20261110T000000_1_0.jsonl", 11);
    await make("predictions_20261119T000000_1_0.jsonl", 2);
    await make("predictions_20261120T000000_1_0.jsonl", 1);
    await make("feedback_20261001T000000_1_0.jsonl", 40);
    await make("predictions_of_mine.jsonl", 40);
    const log = open(folder, { now: () => now, maxAgeDays: 30, maxTotalBytes: 250 });
    log.write(recordOf());
    await log.close();
    assertEquals(names(folder), [
      "feedback_20261001T000000_1_0.jsonl",
      "predictions_20261119T000000_1_0.jsonl",
      "predictions_20261120T000000_1_0.jsonl",
      `predictions_20261121T120000_${Deno.pid}_0.jsonl`,
      "predictions_of_mine.jsonl",
    ]);
  }));

Deno.test("prediction log: where there is no room, or no disk, lines are lost and told, and nobody waits", () =>
  inFolder(async (folder) => {
    const lost: [number, string][] = [];
    const onLost = (lines: number, reason: string) => lost.push([lines, reason]);
    const size = JSON.stringify(recordOf({ request_id: "a" })).length + 1;
    const log = open(folder, { queueSize: 2 * size, onLost });
    for (const request_id of ["a", "b", "c", "d"]) log.write(recordOf({ request_id }));
    const flushed = log.flush();
    assertEquals(lost, [[1, "too many lines wait for the disk"], [
      1,
      "too many lines wait for the disk",
    ]]);
    await flushed;
    log.write(recordOf({ request_id: "e" }));
    await log.close();
    assertEquals(idsOf(await read(folder)), ["a", "b", "e"]);

    lost.length = 0;
    const file = join(folder, "a_file");
    await Deno.writeTextFile(file, "");
    const nowhere = open(join(file, "folder"), { onLost });
    nowhere.write(recordOf());
    nowhere.write(recordOf());
    await nowhere.close();
    assertEquals(lost.length, 1);
    assertEquals(lost[0][0], 2);
  }));

Deno.test("prediction log: lines wait for a disk that fails, none is lost or there twice, no file is empty", () =>
  inFolder(async (folder) => {
    const [place, moved] = [join(folder, "log"), join(folder, "a_file")];
    await Deno.writeTextFile(place, "");
    const troubles: (string | undefined)[] = [];
    const log = open(place, { retryMs: 5, onTrouble: (reason) => troubles.push(reason) });
    log.write(recordOf({ request_id: "a" }));
    await log.flush();
    log.write(recordOf({ request_id: "b" }));
    await log.flush();
    assertEquals(troubles.every((reason) => reason !== undefined), true);
    await Deno.rename(place, moved);
    log.write(recordOf({ request_id: "c" }));
    await log.close();
    assertEquals(troubles.at(-1), undefined);
    assertEquals(idsOf(await read(place)), ["a", "b", "c"]);
    assertEquals(names(place).length, 1);
  }));

Deno.test("prediction log: of a write that breaks off the whole lines stay, the rest goes to a new file", () =>
  inFolder(async (folder) => {
    const log = open(folder, { retryMs: 5 });
    const { write } = Deno.FsFile.prototype;
    // Each mode breaks off elsewhere: within the first line, and within the second.
    const size = JSON.stringify(recordOf({ request_id: "a" })).length + 1;
    for (const [ids, room] of [[["a", "b"], 10], [["c", "d"], size + 10]] as const) {
      let left: number = room;
      Deno.FsFile.prototype.write = async function (bytes) {
        if (left === 0) throw new Error("No space left on device");
        const part = bytes.subarray(0, Math.min(left, bytes.length));
        left -= part.length;
        return await write.call(this, part);
      };
      try {
        for (const request_id of ids) log.write(recordOf({ request_id }));
        const files = names(folder).length;
        await log.flush();
        assertEquals(names(folder).length, files);
      } finally {
        Deno.FsFile.prototype.write = write;
      }
      await log.flush();
    }
    await log.close();
    assertEquals(idsOf(await read(folder)), ["a", "b", "c", "d"]);
    assertEquals(names(folder).length, 2);
  }));

Deno.test("prediction log: kill -9 loses what was not flushed at the most, and every line can be read", () =>
  inFolder(async (folder) => {
    const script = fromFileUrl(new URL("./endless_writer.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: [
        "run",
        "--no-check",
        `--allow-read=${folder}`,
        `--allow-write=${folder}`,
        script,
        folder,
      ],
      stdout: "piped",
    }).spawn();
    let flushed = 0;
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      flushed = Number(text.trim().split("\n").at(-1));
      if (flushed >= 5000) break;
    }
    child.kill("SIGKILL");
    await child.status;
    const ids = idsOf(await read(folder)).map((id) => Number(id.slice(2)));
    assert(ids.length >= flushed, `${ids.length} of ${flushed} flushed lines`);
    assert(ids.every((id, at) => id === at));
    assert(names(folder).length > 5);
  }));

Deno.test("redaction: digests tell equal from different, with and without a key; dropped is gone", () => {
  const columns = parseRedaction(["Name", "Age:hash", "SSN:drop"]);
  const [plain, keyed] = [redactor(columns), redactor(columns, "secret")];
  const inputs = { Name: "Ada", Age: 36, SSN: "1", City: "London" };
  // printf Ada | sha256sum; printf Ada | openssl dgst -sha256 -hmac secret
  assertEquals(plain(inputs), {
    Name: "sha256:99a563ab2f6e21e9",
    Age: "sha256:76a50887d8f1c2e9",
    City: "London",
  });
  assertEquals(keyed(inputs).Name, "sha256:64b930f9c9ee91e3");
  assertEquals(keyed({ Name: null, Age: 36 }), { Name: null, Age: keyed(inputs).Age });
  assertThrows(() => parseRedaction(["Name:shout"]), UsageError, '"shout" is no way');
  assertEquals(redactor(parseRedaction([]))(inputs), inputs);
});

Deno.test("redaction: a masked text keeps its words, and neither digits nor addresses", () => {
  const hide = redactor(parseRedaction(["text:mask"]));
  const said = (text: string) => hide({ text, other: "1" });
  assertEquals(said("Pay  ₹1,200 to asha.k@okbank, card 4111-1111\n(https://x.in/1)"), {
    text: "Pay  ₹0,000 to @ card 0000-0000\n@",
    other: "1",
  });
  assertEquals(said("मेरा खाता १२३ 😀 \ud800").text, "मेरा खाता 000 😀 \ud800");
  assertEquals([said("").text, hide({ text: null }).text, hide({ text: 12 }).text], [
    "",
    null,
    "00",
  ]);
  // As long as a body may be: the work grows with the text alone.
  assertEquals((said("a".repeat(1_000_000)).text as string).length, 1_000_000);
});
