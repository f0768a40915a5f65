import { assert, assertEquals } from "@std/assert";
import { save, withApp } from "./fixture.ts";

interface Operation {
  responses: Record<string, unknown>;
  requestBody?: unknown;
}

Deno.test("serve: the document has every route, and the record of the model", () =>
  withApp(async ({ app, call }) => {
    const document = await (await call("/openapi.json")).json();
    const declared = Object.entries(document.paths as Record<string, Record<string, Operation>>)
      .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    const served = app.routes.filter(({ method, path }) => method !== "ALL" && !/docs/.test(path))
      .map(({ method, path }) => `${method.toLowerCase()} ${path.replace(/:(\w+)/g, "{$1}")}`)
      .filter((route) => route !== "get /openapi.json");
    // Each model that is loaded has a path of its own, below the pattern.
    assertEquals(declared.sort(), [...new Set([...served, "post /predict/Model0"])].sort());
    const { Record: record } = document.components.schemas;
    assertEquals(record.properties.Age.type, ["number", "string", "null"]);
    assertEquals(record.properties.Job.type, ["string", "null"]);
    assertEquals(record.additionalProperties, false);
    assertEquals((await call("/predict", record.example)).status, 200);
    assertEquals(Object.keys(record.example).length, 6);
  }));

Deno.test("serve: the document follows the model", () =>
  withApp(async ({ call, slots, folder }) => {
    const title = async () => (await (await call("/openapi.json")).json()).info.description;
    assert((await title()).startsWith("Predicts with Model0"));
    await save(folder, 1);
    await slots.follow();
    assert((await title()).startsWith("Predicts with Model1"));
  }));

Deno.test("serve: the documentation page needs nothing from elsewhere", () =>
  withApp(async ({ call }) => {
    const page = await call("/docs");
    const policy = page.headers.get("content-security-policy")!;
    assert(policy.includes("script-src 'self';"), policy);
    const html = await page.text();
    const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link);
    assertEquals(links.length, 5);
    for (const link of links) {
      const asset = await call(link);
      assertEquals(asset.status, 200, link);
      assert((await asset.arrayBuffer()).byteLength > 50, link);
    }
  }));

Deno.test("serve: a lock is shown where a key is asked for, and only there", async () => {
  const locked = async (flags: string[]) => {
    let found: string[] = [];
    await withApp(async ({ call }) => {
      const headers = { "x-api-key": "a-predict-key-01" };
      const { paths, security } = await (await call("/openapi.json", undefined, headers)).json();
      assertEquals(security, undefined);
      found = Object.entries(paths as Record<string, Record<string, { security?: unknown[] }>>)
        .flatMap(([path, methods]) =>
          Object.entries(methods).flatMap(([method, { security }]) =>
            security === undefined ? [] : [`${method} ${path}`]
          )
        );
    }, { flags });
    return new Set(found);
  };
  assertEquals(await locked([]), new Set());
  const admin = await locked(["--admin-keys", "an-admin-key-0123"]);
  assert(admin.has("post /model/load") && admin.has("post /cache/clear"));
  assert(!admin.has("post /predict") && !admin.has("get /health"));
  const api = await locked(["--api-keys", "a-predict-key-01", "--protect", "version"]);
  assert(api.has("post /predict") && api.has("get /version") && !api.has("get /readyz"));
  assert(api.has("post /v2/models/{model}/infer") && !api.has("post /model/load"));
});

Deno.test("serve: browsers keep the files of the documentation, which come compressed", () =>
  withApp(async ({ call }) => {
    const path = "/docs/swagger-ui-bundle.js";
    const whole = await call(path);
    const bytes = await whole.bytes();
    const sizes: number[] = [];
    for (const coding of ["gzip", "br", "zstd"]) {
      const response = await call(path, undefined, { "accept-encoding": coding });
      assertEquals(response.headers.get("content-encoding"), coding);
      assertEquals(response.headers.get("vary"), "Accept-Encoding");
      sizes.push((await response.bytes()).length);
    }
    assert(Math.max(...sizes) < bytes.length / 2, `${sizes} of ${bytes.length}`);
    assertEquals(whole.headers.get("cache-control"), "public, max-age=86400");
    const tag = whole.headers.get("etag")!;
    const again = await call(path, undefined, { "if-none-match": tag });
    assertEquals([again.status, (await again.bytes()).length], [304, 0]);
    const cleared = await (await call("/cache/clear", {})).json();
    assertEquals(cleared, { cleared: { "files of /docs": 1, "openapi.json": 0 } });
    await call("/openapi.json");
    assertEquals((await (await call("/cache/clear", {})).json()).cleared["openapi.json"], 1);
  }));
