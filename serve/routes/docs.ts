/** `GET /openapi.json`, and `GET /docs`: Swagger UI from the package, so that it works offline. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Hono } from "hono";
import type { ModelMetadata } from "../../src/registry/mod.ts";
import type { Right } from "../http/access.ts";
import type { Cache } from "../http/cache.ts";
import type { Admission, AppEnv } from "../http/admission.ts";
import { StaticFiles } from "../http/static_files.ts";
import type { ParserOptions } from "../model/record_parser.ts";
import type { Slots } from "../model/slots.ts";
import { type NeedsKey, openApiDocument } from "../openapi/document.ts";

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Dinoflow</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/page.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

/** Swagger UI is dark if the page's root has its class; the page follows the browser. */
const start = `const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
});
`;

/** What Swagger UI leaves white, and wide tables on narrow screens. */
const style = `body { margin: 0; }
html.dark-mode, html.dark-mode body { background: #1c2022; }
@media (max-width: 640px) {
  .swagger-ui .wrapper { padding: 0 8px; }
  .swagger-ui .opblock .opblock-summary-path { word-break: break-word; max-width: 60%; }
  .swagger-ui table { display: block; overflow-x: auto; }
}
`;

/** The page's own files and nothing else; Swagger UI sets styles on elements. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'none'";

const packageFiles: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
  "favicon-32x32.png": "image/png",
};

/** Adds the routes and tells what they keep. */
export function docsRoutes(
  app: Hono<AppEnv>,
  gate: Admission,
  { slots, version, parser, more, needsKey, right }: {
    readonly slots: Slots;
    readonly version: string;
    readonly parser: ParserOptions;
    /** What the document asks for. */
    readonly right: Right;
    /** Whether a route asks for a key, by its method and path. */
    readonly needsKey: NeedsKey;
    /** Routes that other parts of the server declare. */
    readonly more: () => readonly RouteConfig[];
  },
): readonly Cache[] {
  let written: { readonly identity: string; readonly text: string } | undefined;
  app.get(
    "/openapi.json",
    gate.ask(right, () => {
      const models = slots.all.flatMap(({ current }) => current ?? []);
      const identity = models.map((model) => model.identity).join("\n");
      if (written === undefined || written.identity !== identity) {
        const others = distinct(models.map(({ metadata }) => metadata));
        const metadata = slots.champion.current?.metadata;
        const document = openApiDocument(version, metadata, parser, {
          ...{ others, needsKey },
          more: more(),
        });
        written = { identity, text: JSON.stringify(document) };
      }
      return new Response(written.text, { headers: { "Content-Type": "application/json" } });
    }),
  );
  const headers = { "Content-Security-Policy": policy };
  const file = (type: string, content: string) =>
    new Response(content, { headers: { ...headers, "Content-Type": type } });
  app.get("/docs", gate.ask("open", () => file("text/html; charset=utf-8", page)));
  app.get("/docs/start.js", gate.ask("open", () => file("text/javascript", start)));
  app.get("/docs/page.css", gate.ask("open", () => file("text/css", style)));
  const files = new StaticFiles(headers);
  for (const [name, type] of Object.entries(packageFiles)) {
    const url = new URL(`../../node_modules/swagger-ui-dist/${name}`, import.meta.url);
    app.get(`/docs/${name}`, gate.ask("open", (c) => files.answer(c.req.raw, url, type)));
  }
  const document: Cache = {
    name: "openapi.json",
    clear() {
      const count = written === undefined ? 0 : 1;
      written = undefined;
      return count;
    },
  };
  return [files, document];
}

/** Models of one name once: a challenger answers under the name of its champion. */
function distinct(models: readonly ModelMetadata[]): ModelMetadata[] {
  return [...new Map(models.toReversed().map((one) => [one.model_name, one])).values()];
}
