/** `GET /openapi.json`, and `GET /docs`: Swagger UI from the package, so that it works offline. */

import type { RouteConfig } from "@hono/zod-openapi";
import type { Hono } from "hono";
import type { Right } from "../http/access.ts";
import type { AppEnv, Gate } from "../http/gate.ts";
import type { ParserOptions } from "../model/record_parser.ts";
import type { Slots } from "../model/slots.ts";
import { openApiDocument } from "../openapi/document.ts";

const page = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Dinoflow</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  tryItOutEnabled: true,
});
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

/** Adds the routes. */
export function docsRoutes(
  app: Hono<AppEnv>,
  gate: Gate,
  { slots, version, parser, more, hasKeys, right }: {
    readonly slots: Slots;
    readonly version: string;
    readonly parser: ParserOptions;
    /** What the document asks for. */
    readonly right: Right;
    /** Whether some callers need a key. */
    readonly hasKeys: boolean;
    /** Routes that other parts of the server declare. */
    readonly more: readonly RouteConfig[];
  },
): void {
  let written: { readonly identity: string; readonly text: string } | undefined;
  app.get(
    "/openapi.json",
    gate.ask(right, () => {
      const models = slots.all.flatMap(({ current }) => current ?? []);
      const identity = models.map((model) => model.identity).join("\n");
      if (written === undefined || written.identity !== identity) {
        const kinds = models.map(({ metadata }) => metadata.task.kind);
        const metadata = slots.champion.current?.metadata;
        const document = openApiDocument(version, metadata, parser, kinds, more, hasKeys);
        written = { identity, text: JSON.stringify(document) };
      }
      return new Response(written.text, { headers: { "Content-Type": "application/json" } });
    }),
  );
  const file = (type: string, content: BodyInit) =>
    new Response(content, {
      headers: { "Content-Type": type, "Content-Security-Policy": policy },
    });
  app.get("/docs", gate.ask("open", () => file("text/html; charset=utf-8", page)));
  app.get("/docs/start.js", gate.ask("open", () => file("text/javascript", start)));
  for (const [name, type] of Object.entries(packageFiles)) {
    const url = new URL(`../../node_modules/swagger-ui-dist/${name}`, import.meta.url);
    app.get(`/docs/${name}`, gate.ask("open", async () => file(type, await Deno.readFile(url))));
  }
}
