/**
 * Paths as text: the little of it that every start of a command line needs. The whole
 * package for paths costs a start as much as Deno itself. Windows takes `/` as well as
 * its own separator, so that paths made here have only that one.
 */

const windows = Deno.build.os === "windows";
const separators = windows ? /[\\/]+/ : /\/+/;

/** The root of a path, empty if it is relative, and the names that lead on from there. */
interface Parts {
  readonly root: string;
  readonly names: readonly string[];
}

function parse(path: string): Parts {
  const root = windows
    ? /^(?:[\\/]{2}[^\\/]+[\\/]+[^\\/]+|[a-z]:)?[\\/]?/i.exec(path)![0]
    : path.startsWith("/")
    ? "/"
    : "";
  const names: string[] = [];
  for (const name of path.slice(root.length).split(separators)) {
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.length > 0 && names.at(-1) !== "..") names.pop();
    else if (root === "") names.push(name);
  }
  return { root: root.replaceAll("\\", "/"), names };
}

function format({ root, names }: Parts): string {
  return root + names.join("/") || ".";
}

/** Whether a path says by itself where it is. */
export function isAbsolute(path: string): boolean {
  return /[\\/]$/.test(parse(path).root);
}

/** One path from several that lead on from each other, without `.` and `..` on the way. */
export function join(...paths: readonly string[]): string {
  return format(parse(paths.filter((path) => path !== "").join("/")));
}

/** The folder that a path is in; a root is in itself. */
export function dirname(path: string): string {
  const { root, names } = parse(path);
  return format({ root, names: names.slice(0, -1) });
}

/** The last name of a path. */
export function basename(path: string): string {
  return parse(path).names.at(-1) ?? "";
}

/** A path with where it starts: the working directory, unless it says so itself. */
export function resolve(path: string): string {
  return isAbsolute(path) ? join(path) : join(Deno.cwd(), path);
}

/** How to get from a folder to a path. */
export function relative(from: string, to: string): string {
  const [start, end] = [parse(resolve(from)), parse(resolve(to))];
  const same = (a: string, b: string) => windows ? a.toLowerCase() === b.toLowerCase() : a === b;
  if (!same(start.root, end.root)) return format(end);
  let shared = 0;
  while (shared < start.names.length && same(start.names[shared], end.names[shared] ?? "")) {
    shared++;
  }
  return [...start.names.slice(shared).map(() => ".."), ...end.names.slice(shared)].join("/");
}

/** The URL of a path. */
export function toFileUrl(path: string): URL {
  const text = resolve(path).replaceAll(/[%?#\\\s]/g, encodeURIComponent);
  return new URL(text.startsWith("//") ? `file:${text}` : `file:///${text.replace(/^\//, "")}`);
}

/** The path of a `file:` URL. */
export function fromFileUrl(url: string | URL): string {
  const { protocol, host, pathname } = new URL(url);
  if (protocol !== "file:") throw new TypeError(`Cannot tell the path of ${url}: it is no file`);
  // A % that starts no escape is itself.
  const path = decodeURIComponent(pathname.replaceAll(/%(?![0-9a-f]{2})/gi, "%25"));
  if (!windows) return path;
  return host === "" ? path.replace(/^\/+(?=[a-z]:)/i, "") : `//${host}${path}`;
}
