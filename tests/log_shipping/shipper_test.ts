/** Lines reach the engine once, wait while it is away or refuses, and hold nobody up. */

import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { logSettings, LogShipper, type ShippingPace } from "../../src/log_shipping/mod.ts";
import { waitUntil } from "../wait_until.ts";
import { FakeEngine } from "./fake_engine.ts";

const source = { service: "dinoflow-test", dataset: "dinoflow.test" };
const quick: ShippingPace = { waitMs: 5, pauseMs: 5 };

/** A shipper to an engine, with what it told; `folder` holds what could not be sent. */
async function withShipper(
  engine: FakeEngine,
  test: (made: {
    readonly folder: string;
    readonly lost: [number, string][];
    readonly troubles: (string | undefined)[];
    readonly open: (pace?: ShippingPace) => LogShipper;
    readonly unsent: () => string[];
  }) => Promise<void>,
  variables: (folder: string) => Record<string, string> = () => ({}),
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const lost: [number, string][] = [];
  const troubles: (string | undefined)[] = [];
  const env: Record<string, string> = {
    ...{ ELASTICSEARCH_URL: engine.url, ELASTICSEARCH_UNSENT_FOLDER: join(folder, "unsent") },
    ...variables(folder),
  };
  const opened: LogShipper[] = [];
  const open = (pace: ShippingPace = {}) => {
    const ears = {
      onLost: (lines: number, reason: string) => void lost.push([lines, reason]),
      onTrouble: (trouble: string | undefined) => void troubles.push(trouble),
    };
    const settings = logSettings((name) => env[name])!;
    const shipper = new LogShipper(settings, source, ears, { ...quick, ...pace });
    opened.push(shipper);
    return shipper;
  };
  const unsent = () => {
    try {
      return [...Deno.readDirSync(join(folder, "unsent"))].map(({ name }) => name);
    } catch {
      return [];
    }
  };
  try {
    await test({ folder, lost, troubles, open, unsent });
  } finally {
    for (const shipper of opened) await shipper.close(100);
    await Deno.remove(folder, { recursive: true });
  }
}

const line = (n: number) => JSON.stringify({ level: "info", message: `line ${n}`, n });
const messages = (engine: FakeEngine) =>
  [...engine.documents.values()].map(({ message }) => message).sort();

Deno.test("logs: lines arrive in batches, in a data stream that is made for them", async () => {
  await using engine = new FakeEngine();
  await withShipper(engine, async ({ open, lost, troubles, unsent }) => {
    const shipper = open({ batchLines: 100 });
    for (let n = 0; n < 1000; n++) shipper.add(line(n));
    await waitUntil(() => engine.documents.size === 1000, "all have arrived");
    assert(engine.bulks <= 12, `${engine.bulks} requests`);
    const { data_stream, template } = engine.templates.get("mlops-logs") as {
      data_stream: unknown;
      template: { lifecycle: unknown };
    };
    assertEquals([data_stream, template.lifecycle], [{}, { data_retention: "30d" }]);
    shipper.add(line(1000));
    await shipper.close();
    assertEquals(engine.documents.size, 1001, "what waits is sent at the end");
    assertEquals([lost, troubles, unsent()], [[], [], []]);
  });
});

Deno.test("logs: nothing is lost or doubled while the engine is away, and after a restart", async () => {
  await using engine = new FakeEngine();
  await withShipper(engine, async ({ open, lost, unsent }) => {
    const first = open();
    first.add(line(0));
    await waitUntil(() => engine.documents.size === 1, "it has arrived");
    await engine.end();
    for (let n = 1; n < 300; n++) first.add(line(n));
    await waitUntil(() => first.trouble !== undefined, "it is told to be away");
    assert(first.trouble!.includes("does not answer"), first.trouble);
    await first.close(50);
    assert(unsent().length > 0, "it waits in files");

    const second = open();
    for (let n = 300; n < 310; n++) second.add(line(n));
    engine.begin();
    await waitUntil(() => engine.documents.size === 310, "all have arrived");
    await waitUntil(() => unsent().length === 0, "the files are gone");
    await waitUntil(() => second.trouble === undefined, "all is well");
    assertEquals(messages(engine), Array.from({ length: 310 }, (_, n) => `line ${n}`).sort());
    assertEquals(lost, []);
  });
});

Deno.test("logs: a request whose answer was lost adds nothing when it is sent again", async () => {
  await using engine = new FakeEngine();
  let cut = 0;
  engine.answer = async (request, path) => {
    if (!path.endsWith("_bulk") || cut++ > 0) return undefined;
    engine.answer = () => undefined;
    const copy = await fetch(request.url, { method: "POST", body: await request.text() });
    await copy.body?.cancel();
    return new Response("gateway", { status: 502 });
  };
  await withShipper(engine, async ({ open, unsent, troubles }) => {
    const shipper = open();
    for (let n = 0; n < 50; n++) shipper.add(line(n));
    await waitUntil(() => troubles.length === 2 && unsent().length === 0, "it is well again");
    assertEquals(engine.documents.size, 50);
  });
});

Deno.test("logs: wrong credentials, another's template and an index of the name are told", async () => {
  await using engine = new FakeEngine();
  const password = "open-sesame-of-logs";
  await withShipper(engine, async ({ folder, open, unsent }) => {
    let expected = `Basic ${btoa(`elastic:${password}`)}`;
    engine.answer = (request) =>
      request.headers.get("authorization") === expected
        ? undefined
        : Response.json({ error: { type: "security_exception", reason: "no" } }, { status: 401 });
    const file = join(folder, "password");
    await Deno.writeTextFile(file, "wrong-password\n");
    const shipper = open({ batchLines: 5 });
    for (let n = 0; n < 20; n++) shipper.add(line(n));
    await waitUntil(() => shipper.trouble !== undefined, "the refusal is told");
    assert(shipper.trouble!.includes("check ELASTICSEARCH_API_KEY"), shipper.trouble);
    assert(!shipper.trouble!.includes("wrong-password"));

    await Deno.writeTextFile(file, `${password}\n`);
    engine.templates.set("mlops-logs", { index_patterns: ["mlops-*"] });
    await waitUntil(() => shipper.trouble!.includes("somebody else's"), "the template is told");
    engine.templates.clear();
    engine.indices.add("mlops-logs");
    await waitUntil(() => shipper.trouble!.includes("no data stream"), "the index is told");
    engine.indices.clear();
    await waitUntil(() => engine.documents.size === 20 && unsent().length === 0, "all arrived");
    assertEquals(shipper.trouble, undefined);

    // The password changes while the shipper runs.
    expected = `Basic ${btoa("elastic:another-password")}`;
    await Deno.writeTextFile(file, "another-password\n");
    shipper.add(line(20));
    await waitUntil(() => engine.documents.size === 21, "the new password counts");
    await shipper.close();
  }, (folder) => ({
    ELASTICSEARCH_USERNAME: "elastic",
    ELASTICSEARCH_PASSWORD: `file:${join(folder, "password")}`,
  }));
});

Deno.test("logs: what the engine has no room for comes again, what it cannot read is put aside", async () => {
  await using engine = new FakeEngine();
  let full = true;
  engine.judge = ({ message }) => {
    if (message === "line 3") {
      return { status: 400, error: { type: "document_parsing_exception", reason: "bad" } };
    }
    return full && message === "line 4" ? { status: 429 } : undefined;
  };
  await withShipper(engine, async ({ folder, open, lost, unsent }) => {
    const shipper = open();
    for (let n = 0; n < 10; n++) shipper.add(line(n));
    await waitUntil(() => shipper.trouble?.includes("no room") ?? false, "it is told");
    full = false;
    await waitUntil(() => engine.documents.size === 9, "the rest has arrived");
    assertEquals(lost, [[1, "refused: document_parsing_exception: bad"]]);
    await waitUntil(() => unsent().length === 1, "one file is left");
    const refused = await Deno.readTextFile(join(folder, "unsent", "refused.ndjson"));
    assert(refused.includes("line 3"), refused);
  });
});

Deno.test("logs: a body that is too much goes in parts, a page of a proxy is no answer", async () => {
  await using engine = new FakeEngine();
  let page = true;
  engine.answer = (request, path) => {
    if (!path.endsWith("_bulk")) return undefined;
    if (page) return new Response("<html>all is well</html>");
    return Number(request.headers.get("content-length")) > 4000
      ? new Response("too much", { status: 413 })
      : undefined;
  };
  await withShipper(engine, async ({ open, lost, unsent }) => {
    const shipper = open();
    for (let n = 0; n < 100; n++) shipper.add(line(n));
    shipper.add(JSON.stringify({ level: "info", message: "x".repeat(5000) }));
    await waitUntil(() => shipper.trouble?.includes("as no Elasticsearch does") ?? false, "told");
    page = false;
    await waitUntil(() => engine.documents.size === 100, "all but one have arrived");
    await waitUntil(() => unsent().join() === "refused.ndjson", "the one is put aside");
    assertEquals(lost.map(([lines]) => lines), [1]);
    assertEquals(shipper.trouble, undefined);
  });
});

Deno.test("logs: memory and disk have bounds, and whoever logs never waits", async () => {
  await using engine = new FakeEngine();
  await engine.end();
  await withShipper(engine, async ({ open, lost, unsent, folder }) => {
    const shipper = open({ mostWaiting: 100_000 });
    for (let n = 0; n < 5000; n++) shipper.add(line(n)); // without a pause: memory alone takes them
    assert(lost.length > 0);
    assertEquals(lost[0][1], "memory is full of lines that wait");
    await waitUntil(() => unsent().length > 0, "they are put on the disk");
    await shipper.close(20);
    let kept = 0;
    for (const name of unsent()) {
      kept += (await Deno.readTextFile(join(folder, "unsent", name))).trimEnd().split("\n").length;
    }
    // What a busy machine had no time for is counted, too.
    const gone = lost.reduce((sum, [lines]) => sum + lines, 0);
    assertEquals(kept / 2, 5000 - gone, "all that was taken is kept");
  });
  await withShipper(engine, async ({ open, lost, folder }) => {
    // A folder that cannot be written, as on a disk that is full.
    await Deno.writeTextFile(join(folder, "unsent"), "");
    const shipper = open();
    for (let n = 0; n < 10; n++) shipper.add(line(n));
    await shipper.close(50);
    assertEquals(lost.reduce((sum, [lines]) => sum + lines, 0), 10);
  });
});

Deno.test("logs: an address that a reference names may change, and is prepared anew", async () => {
  await using first = new FakeEngine();
  await using second = new FakeEngine();
  await withShipper(first, async ({ folder, open, lost }) => {
    await Deno.writeTextFile(join(folder, "address"), first.url);
    const shipper = open();
    shipper.add(line(0));
    await waitUntil(() => first.documents.size === 1, "it has arrived");
    await Deno.writeTextFile(join(folder, "address"), second.url);
    shipper.add(line(1));
    await waitUntil(() => second.documents.size === 1, "the next has arrived elsewhere");
    assert(second.templates.has("mlops-logs"), "the other is prepared too");
    assertEquals([messages(first), messages(second)], [["line 0"], ["line 1"]]);
    await Deno.writeTextFile(join(folder, "address"), "nowhere");
    shipper.add(line(2));
    await waitUntil(() => shipper.trouble !== undefined, "it is told");
    assert(shipper.trouble!.includes("no http or https address"), shipper.trouble);
    await Deno.writeTextFile(join(folder, "address"), first.url);
    await waitUntil(() => first.documents.size === 2, "what waited has arrived");
    assertEquals(lost, []);
  }, (folder) => ({ ELASTICSEARCH_URL: `file:${folder}/address` }));
});
