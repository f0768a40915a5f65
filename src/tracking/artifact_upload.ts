/** Storing files where a server says a run's artifacts belong. */

import { dirname, fromFileUrl, join } from "@std/path";
import { ServiceError } from "../base/mod.ts";
import { contentBody, contentSize } from "./content.ts";
import type { Content } from "./contract.ts";
import type { HttpClient } from "./http_client.ts";

/** Where artifacts go. */
export type ArtifactRoute =
  | { readonly kind: "proxy"; readonly url: string }
  | { readonly kind: "disk"; readonly path: string };

/**
 * Reads an artifact URI: `mlflow-artifacts:` goes through the server's proxy, a
 * `file:` URI or a path to our own disk.
 *
 * @throws {ServiceError} for s3, gs and the like, which only the server can write to.
 */
export function artifactRoute(uri: string, serverUrl: string): ArtifactRoute {
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(uri)?.[1].toLowerCase();
  if (scheme === "mlflow-artifacts") {
    // mlflow-artifacts:/path and mlflow-artifacts:///path name this server, //host another.
    const [, host, path] = /^[^:]+:(?:\/\/([^/]*))?\/*(.*)$/.exec(uri)!;
    if (leavesRoot(path)) {
      throw new ServiceError(`Cannot use artifacts at ${uri}: the path leaves the artifacts`, {
        next: "use another experiment, whose artifacts have a plain path",
      });
    }
    const base = host ? `${new URL(serverUrl).protocol}//${host}` : serverUrl;
    return { kind: "proxy", url: `${base}/api/2.0/mlflow-artifacts/artifacts/${path}` };
  }
  if (scheme === "file") return { kind: "disk", path: fromFileUrl(uri) };
  if (scheme === undefined) return { kind: "disk", path: uri };
  throw new ServiceError(
    `Cannot store artifacts at ${uri}: only the server itself can write to ${scheme} storage`,
    {
      next: "start it with --serve-artifacts and --artifacts-destination " +
        `${scheme}://…, and use a new experiment (an old one keeps its address)`,
    },
  );
}

/** Whether a path, however it is written, climbs out of where it begins. */
function leavesRoot(path: string): boolean {
  try {
    return /(^|[\\/])\.\.([\\/]|$)/.test(decodeURIComponent(path));
  } catch (error) {
    if (error instanceof URIError) return true;
    throw error;
  }
}

/** Whether an address is this machine's own. */
export function isOwnMachine(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === "localhost" || hostname === "[::1]" || hostname.startsWith("127.") ||
    hostname === "0.0.0.0";
}

/** Stores `content` under `path` below the artifact URI `root`. */
export async function upload(
  client: HttpClient,
  root: string,
  path: string,
  content: Content,
): Promise<void> {
  const bodyBytes = await contentSize(content);
  const route = artifactRoute(root, client.url);
  if (route.kind === "disk") {
    const target = join(route.path, path);
    try {
      await Deno.mkdir(dirname(target), { recursive: true });
      if (typeof content === "string") await Deno.copyFile(content, target);
      else await Deno.writeFile(target, content);
    } catch (cause) {
      throw new ServiceError(
        `Cannot store artifact ${path}: the server keeps artifacts at ${root}, and this ` +
          "machine cannot write there",
        { cause, next: "start the server with --serve-artifacts, and use a new experiment" },
      );
    }
    return;
  }
  await client.send({
    method: "PUT",
    path: `${route.url}/${path.split("/").map(encodeURIComponent).join("/")}`,
    body: () => contentBody(content),
    bodyBytes,
    contentType: "application/octet-stream",
  });
}
