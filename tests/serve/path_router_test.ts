/** Paths find the handlers that Hono's own router finds. */

import { assertEquals } from "@std/assert";
import { TrieRouter } from "hono/router/trie-router";
import { PathRouter } from "../../serve/http/path_router.ts";

const routes = [
  ["ALL", "/*"],
  ["POST", "/predict"],
  ["GET", "/v2/models/stats"],
  ["GET", "/v2/models/:model"],
  ["GET", "/v2/models/:model/stats"],
  ["POST", "/v2/models/:model/infer"],
  ["GET", "/train"],
  ["GET", "/train/:job"],
  ["GET", "/"],
] as const;

Deno.test("path router: any path has the handlers of a router without memory, each time", () => {
  const [ours, reference] = [new PathRouter<string>(), new TrieRouter<string>()];
  for (const [method, path] of routes) {
    for (const router of [ours, reference]) router.add(method, path, `${method} ${path}`);
  }
  const paths = [...routes.map(([, path]) => path.replace(":", "")), "/nowhere", "/train/stats"];
  for (let time = 0; time < 2; time++) {
    for (const path of paths) {
      for (const method of ["GET", "POST", "HEAD"]) {
        assertEquals(ours.match(method, path), reference.match(method, path), path);
      }
    }
  }
});

Deno.test("path router: a handler that is added later counts", () => {
  const router = new PathRouter<string>();
  router.add("GET", "/train", "first");
  assertEquals(router.match("GET", "/train")[0].length, 1);
  router.add("ALL", "/*", "second");
  assertEquals(router.match("GET", "/train")[0].length, 2);
});
