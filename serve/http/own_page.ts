/** Pages of the server's own, which need nothing from elsewhere. */

import type { Hono } from "hono";
import type { Admission, AppEnv } from "./admission.ts";
import { StaticFiles } from "./static_files.ts";

/** The page's own files and nothing else. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const palette = new URL("palette.css", import.meta.url);

/**
 * Adds a page, its style and script, and the colours that all pages have.
 *
 * @param path Where it is, as `/monitoring`; its files are below.
 * @param folder Holds `index.html`, `page.css` and `page.js`; ends with a slash.
 */
export function addOwnPage(app: Hono<AppEnv>, gate: Admission, path: string, folder: URL): void {
  const kept = new StaticFiles({ "Content-Security-Policy": policy });
  const files: readonly [path: string, file: URL, type: string][] = [
    [path, new URL("index.html", folder), "text/html; charset=utf-8"],
    [`${path}/page.css`, new URL("page.css", folder), "text/css; charset=utf-8"],
    [`${path}/page.js`, new URL("page.js", folder), "text/javascript; charset=utf-8"],
    [`${path}/palette.css`, palette, "text/css; charset=utf-8"],
  ];
  for (const [at, file, type] of files) {
    app.get(at, gate.ask("open", (c) => kept.answer(c.req.raw, file, type)));
  }
}
