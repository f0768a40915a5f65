import { assertEquals, assertThrows } from "@std/assert";
import * as std from "@std/path";
import * as path from "../../src/base/path.ts";

const paths = [
  ...["", ".", "..", "/", "a", "a/", "./a", "../a", "a/../..", "/..", "/../a", "//a//b/"],
  ...["/a/b/c.ts", "a/b/../c/./d", "/a b/c#d/e?f/100%/ü/\\", "/tmp/@scope/[x]~(y)'z'", "...", ".a"],
];

Deno.test("path: gives what the package for paths gives", () => {
  for (const a of paths) {
    const whole = std.resolve(a);
    assertEquals(path.resolve(a), whole);
    assertEquals(path.isAbsolute(a), std.isAbsolute(a));
    assertEquals(path.dirname(std.normalize(a)), std.dirname(std.normalize(a)));
    assertEquals(path.toFileUrl(a).href, std.toFileUrl(whole).href);
    assertEquals(path.fromFileUrl(path.toFileUrl(a)), whole);
    if (whole !== "/" && !/^\.*$|\/\.*$/.test(a)) {
      assertEquals(path.basename(a), std.basename(a));
    }
    for (const b of paths) {
      assertEquals(path.join(a, b), std.join(a, b).replace(/(?<=.)\/$/, ""), `${a} then ${b}`);
      assertEquals(path.relative(a, b), std.relative(a, b), `from ${a} to ${b}`);
    }
  }
});

Deno.test("path: a % that starts no escape is itself; a URL that is no file has no path", () => {
  for (const url of ["file:///a/50%.json", "file:///%Y-%m-%d", "file:///a%20b%"]) {
    assertEquals(path.fromFileUrl(url), std.fromFileUrl(url));
  }
  assertThrows(() => path.fromFileUrl("https://localhost/a"), TypeError, "it is no file");
});
