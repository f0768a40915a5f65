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
    assertEquals(declared.sort(), [...new Set(served)].sort());
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
    assertEquals(links.length, 4);
    for (const link of links) {
      const asset = await call(link);
      assertEquals(asset.status, 200, link);
      assert((await asset.arrayBuffer()).byteLength > 50, link);
    }
  }));
