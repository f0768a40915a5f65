import { assert, assertEquals, assertMatch } from "@std/assert";
import zlib from "node:zlib";
import { problemSchema } from "../../serve/openapi/schemas.ts";
import { records, withApp } from "./fixture.ts";

/** A body that never ends, sent piece by piece. */
function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (stream) => stream.enqueue(new TextEncoder().encode('{"Age": ')),
  });
}

const json = { "content-type": "application/json" };

Deno.test("serve: what cannot be taken is refused with its own status, as a problem", () =>
  withApp(async ({ app, call }) => {
    const refused = async (response: Response | Promise<Response>) => {
      const answer = await response;
      assertEquals(answer.headers.get("content-type"), "application/problem+json");
      const problem = problemSchema.strict().parse(await answer.json());
      assertEquals(problem.status, answer.status);
      assertEquals(problem.request_id, answer.headers.get("x-request-id"));
      return problem.status;
    };
    const post = (headers: Record<string, string>, body: BodyInit) =>
      app.request("/predict", { method: "POST", headers, body });
    assertEquals(await refused(call("/nowhere")), 404);
    assertEquals(await refused(call("/predict")), 405);
    assertEquals(await refused(call("/health", {})), 405);
    assertEquals(await refused(app.request("/predict", { method: "DELETE" })), 405);
    assertEquals(await refused(post({}, "{}")), 415);
    assertEquals(await refused(post({ "content-type": "text/plain" }, "{}")), 415);
    assertEquals(await refused(call("/predict", "{")), 400);
    assertEquals(await refused(call("/predict", {}, { "x-request-id": "a b" })), 400);
    assertEquals(await refused(call("/predict", `"${"x".repeat(3000)}"`)), 413);
    const long = new Blob([`"${"x".repeat(3000)}"`]).stream();
    assertEquals(await refused(post(json, long)), 413);
    const many = { records: [records[0], records[1], records[2]] };
    assertEquals(await refused(call("/predict/batch", many)), 413);
    assertEquals(
      (await call("/predict", {})).headers.get("content-security-policy")!.length > 0,
      true,
    );
    const { headers } = await call("/predict");
    assertEquals(headers.get("allow"), "POST");
  }, { flags: ["--body-limit", "2048", "--batch-limit", "2"] }));

Deno.test("serve: bodies may be compressed, up to the limit once unpacked, in UTF-8 only", () =>
  withApp(async ({ app, call }) => {
    const post = async (coding: string, body: Uint8Array<ArrayBuffer>, path = "/predict") => {
      const headers = { ...json, "content-encoding": coding, "content-length": `${body.length}` };
      return await app.request(path, { method: "POST", headers, body });
    };
    const text = JSON.stringify(records[0]);
    const plain = await (await call("/predict", text)).json();
    const plainBytes = new TextEncoder().encode(text);
    const bomb = new TextEncoder().encode(`"${"x".repeat(100_000)}"`);
    const codings = {
      gzip: zlib.gzipSync,
      "X-GZIP": zlib.gzipSync,
      deflate: zlib.deflateSync,
      br: zlib.brotliCompressSync,
      zstd: zlib.zstdCompressSync,
    };
    for (const [coding, packSync] of Object.entries(codings)) {
      const packed = (bytes: Uint8Array) => new Uint8Array(packSync(bytes));
      const response = await post(coding, packed(plainBytes));
      assertEquals(response.status, 200, coding);
      assertEquals((await response.json()).probabilities, plain.probabilities);
      const damaged = await post(coding, plainBytes);
      assertEquals(damaged.status, 400, coding);
      assertMatch((await damaged.json()).detail, /^The body is no \S+: /);
      const cut = await post(coding, packed(plainBytes).slice(0, -20));
      assertEquals(cut.status, 400, coding);
      assertEquals((await post(coding, packed(bomb))).status, 413, coding);
    }
    assertEquals((await post("identity", plainBytes)).status, 200);
    for (const coding of ["compress", "gzip, gzip", "constructor"]) {
      const refused = await post(coding, plainBytes);
      assertEquals(refused.status, 415, coding);
      assertEquals(
        refused.headers.get("accept-encoding"),
        "gzip, x-gzip, deflate, br, zstd",
      );
    }
    const bytes = new Uint8Array([...new TextEncoder().encode('{"Job": "'), 0xff, 0x22, 0x7d]);
    assertMatch((await (await post("identity", bytes)).json()).detail, /not in UTF-8/);
    assertEquals((await call("/predict/", text)).status, 200);
    assertEquals((await call("/health/")).status, 200);
  }, { flags: ["--body-limit", "4096"] }));

Deno.test("serve: JSON may be declared with its charset, another charset not", () =>
  withApp(async ({ call }) => {
    const status = async (type: string) =>
      (await call("/predict", records[0], { "content-type": type })).status;
    assertEquals(await status("application/json; charset=UTF-8"), 200);
    assertEquals(await status("application/vnd.order+json"), 200);
    assertEquals(await status("application/json; charset=latin1"), 415);
  }));

Deno.test("serve: a request that takes too long is called off; a body that does not end takes no place", () =>
  withApp(async ({ app, call }) => {
    const slow = app.request("/predict", { method: "POST", headers: json, body: endless() });
    assertEquals((await call("/predict", records[0])).status, 200);
    const late = await slow;
    assertEquals(late.status, 408);
    assertMatch(await late.text(), /The body did not come within 60 ms/);
    assertEquals((await call("/predict", records[0])).status, 200);
    // What takes no work is answered all the time.
    assertEquals((await call("/livez")).status, 200);
  }, { flags: ["--concurrency", "1", "--timeout-ms", "60"] }));

Deno.test("serve: keys open what they are for", () => {
  const [api, admin] = ["a-key-for-predicting", "a-key-for-changing-things"];
  return withApp(async ({ call }) => {
    const predict = async (headers: Record<string, string>) =>
      (await call("/predict", records[0], headers)).status;
    const reload = async (headers: Record<string, string>) =>
      (await call("/model/reload", {}, headers)).status;
    assertEquals(await predict({}), 401);
    assertEquals(await predict({ "x-api-key": "wrong-key-wrong-key" }), 401);
    assertEquals(await predict({ "x-api-key": api }), 200);
    assertEquals(await predict({ authorization: `Bearer ${admin}` }), 200);
    assertEquals(await reload({ authorization: `Bearer ${api}` }), 403);
    assertEquals(await reload({ "x-api-key": admin }), 200);
    assertEquals((await call("/health")).status, 200);
  }, { flags: ["--api-keys", api, "--admin-keys", admin] });
});

Deno.test("serve: without admin keys the server changes for this machine only, if for anybody", async () => {
  await withApp(async ({ call }) => {
    assertEquals((await call("/model/reload", {})).status, 200);
    for (const [name, value] of [["origin", "https://else.example"], ["host", "rebound.example"]]) {
      assertEquals((await call("/model/reload", {}, { [name]: value })).status, 403);
    }
  });
  await withApp(async ({ call }) => {
    assertEquals((await call("/model/reload", {})).status, 403);
    const { admin_closed } = await (await call("/health")).json();
    assertMatch(admin_closed, /listens on 0.0.0.0, beyond this machine, without ADMIN_KEYS/);
    assertEquals((await call("/predict", records[0])).status, 200);
  }, { flags: ["--host", "0.0.0.0"] });
});

Deno.test("serve: pages of other origins are served only where they are named", async () => {
  const origin = "https://app.example";
  await withApp(async ({ call }) => {
    const { headers } = await call("/predict", records[0], { origin });
    assertEquals(headers.get("access-control-allow-origin"), null);
  });
  await withApp(async ({ app, call }) => {
    const { headers } = await call("/predict", records[0], { origin });
    assertEquals(headers.get("access-control-allow-origin"), origin);
    const other = await call("/predict", records[0], { origin: "https://other.example" });
    assertEquals(other.headers.get("access-control-allow-origin"), null);
    const preflight = await app.request("/predict", { method: "OPTIONS", headers: { origin } });
    assertEquals(preflight.status, 204);
    assertEquals((await call("/nowhere")).status, 404);
  }, { flags: ["--cors-origins", origin] });
});

Deno.test("serve: browsers are told what not to do with what they could open", () =>
  withApp(async ({ call }) => {
    const told = async (path: string, body?: unknown) => {
      const { headers } = await call(path, body);
      assertEquals(headers.get("x-content-type-options"), "nosniff");
      return [
        headers.get("cache-control"),
        headers.get("referrer-policy"),
        headers.get("cross-origin-resource-policy"),
        headers.get("content-security-policy"),
      ];
    };
    const all = [
      "no-store",
      "no-referrer",
      "same-origin",
      "default-src 'none'; frame-ancestors 'none'",
    ];
    assertEquals(await told("/model/info"), all);
    assertEquals(await told("/nothing"), all);
    assertEquals(await told("/predict", "no JSON"), all);
    // No page opens the answer to JSON that was posted.
    assertEquals(await told("/predict", records[0]), [null, null, null, null]);
    const [, , , policy] = await told("/docs");
    assertMatch(policy!, /script-src 'self'/);
  }));

Deno.test("serve: a defect is told to the log, not to the caller", () =>
  withApp(async ({ call, slots, observer }) => {
    slots.champion.current!.parse = () => {
      throw new Error("a secret of the implementation");
    };
    const response = await call("/predict", records[0]);
    assertEquals(response.status, 500);
    assert(!(await response.text()).includes("secret"));
    assertEquals(observer.events.at(-1), "error a request met a defect");
  }));
