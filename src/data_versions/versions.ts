/** The versions of data that git and DVC know, with the models that learned from them. */

import { dirname, ifPresent, join, relative, sha256File } from "../base/mod.ts";
import { cachePath, md5File } from "./add.ts";
import { parseDvcFile, type TrackedOutput } from "./dvc_file.ts";

/** A version of a file. */
export interface DataVersion {
  /** Path of the data, from the project's folder. */
  readonly file: string;
  /** MD5, as DVC has it. */
  readonly md5: string;
  /** SHA-256, as models and runs have it; undefined where the content is nowhere on this machine. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size?: number;
  /** Commit that brought it; undefined where none has yet. */
  readonly commit?: string;
  /** When, in ISO 8601. */
  readonly at?: string;
  /** Where its content is on this machine. */
  readonly here: "file" | "cache" | "no";
  /** Models that were trained on it. */
  readonly models: readonly { readonly name: string; readonly runId?: string }[];
}

/** Commits of a file that are looked through. */
const MOST_COMMITS = 1000;

/** What git says; undefined where it does not work, as outside of a repository. */
async function git(root: string, ...args: string[]): Promise<string | undefined> {
  const git = new Deno.Command("git", { args: ["-C", root, ...args], stderr: "null" });
  const said = await ifPresent(git.output());
  return said?.success ? new TextDecoder().decode(said.stdout) : undefined;
}

/**
 * All versions, by file, the newest first.
 *
 * @param root The project's folder.
 * @param models Its folder of models.
 * @throws {DataError} if a file of DVC in the project cannot be read; one of an earlier commit that
 * cannot is left out.
 */
export async function dataVersions(root: string, models: string): Promise<DataVersion[]> {
  const learned = await modelsByData(models);
  const found: DataVersion[] = [];
  for (const dvcFile of await dvcFiles(root)) {
    const seen = new Map<string, TrackedOutput & { commit?: string; at?: string }>();
    const text = await ifPresent(Deno.readTextFile(join(root, dvcFile)));
    const now = text === undefined ? [] : parseDvcFile(text, dvcFile);
    for (const output of now) seen.set(key(output), output);
    for (const { commit, at } of await commitsOf(root, dvcFile)) {
      const shown = await git(root, "show", `${commit}:./${dvcFile}`);
      if (shown === undefined) continue; // the commit that removed it
      let outputs: TrackedOutput[];
      try {
        outputs = parseDvcFile(shown, dvcFile);
      } catch {
        continue; // one that somebody has mended since
      }
      // From the newest to the oldest: what stands in the end is the commit that brought it.
      for (const output of outputs) {
        seen.set(key(output), { ...seen.get(key(output)), ...output, commit, at });
      }
    }
    for (const { md5, size, path, commit, at, ...noted } of seen.values()) {
      const file = join(dirname(dvcFile), path);
      const place = await contentOf(root, file, md5, size);
      const sha256 = noted.sha256 ??
        (place === undefined || md5.endsWith(".dir") ? undefined : await sha256File(place.path));
      found.push({
        ...{ file, md5 },
        ...sha256 && { sha256 },
        ...size !== undefined && { size },
        ...commit && { commit },
        ...at && { at },
        here: place?.here ?? "no",
        models: sha256 === undefined ? [] : learned.get(sha256) ?? [],
      });
    }
  }
  return found;
}

const key = ({ path, md5 }: TrackedOutput) => `${md5} ${path}`;

/** The versions that a text means: the start of a digest, or a model by its name. */
export function findVersions(versions: readonly DataVersion[], text: string): DataVersion[] {
  const digest = text.replace(/^(sha256|md5):/, "").toLowerCase();
  const byDigest = digest.length >= 6 && /^[0-9a-f]+(\.dir)?$/.test(digest)
    ? versions.filter(({ md5, sha256 }) => md5.startsWith(digest) || sha256?.startsWith(digest))
    : [];
  if (byDigest.length > 0) return byDigest;
  return versions.filter(({ file, models }) =>
    file === text || models.some(({ name, runId }) => name.includes(text) || runId === text)
  );
}

async function dvcFiles(root: string): Promise<string[]> {
  const listed = await git(root, "ls-files", "-co", "--exclude-standard", "-z", "--", "*.dvc");
  // Those that were removed since have versions too.
  const removed = await git(
    root,
    ...["log", "--diff-filter=D", "--name-only", "--relative", "--format=", "-z", "--", "*.dvc"],
  );
  if (listed !== undefined) {
    const names = `${listed}\0${removed ?? ""}`.split("\0").map((name) => name.trim());
    return [...new Set(names)].filter((name) => name.endsWith(".dvc")).sort();
  }
  const found: string[] = [];
  const walk = async (folder: string) => {
    for await (const { name, isDirectory, isFile } of Deno.readDir(folder)) {
      if (isDirectory && !/^(\.|node_modules$)/.test(name)) await walk(join(folder, name));
      else if (isFile && name.endsWith(".dvc")) found.push(relative(root, join(folder, name)));
    }
  };
  await walk(root);
  return found.sort();
}

async function commitsOf(root: string, file: string): Promise<{ commit: string; at: string }[]> {
  const text = await git(root, "log", `-n${MOST_COMMITS}`, "--format=%H %cI", "--", file) ?? "";
  return text.trim().split("\n").filter((line) => line !== "").map((line) => {
    const [commit, at] = line.split(" ");
    return { commit, at };
  });
}

async function contentOf(root: string, file: string, md5: string, size: number | undefined) {
  const cached = cachePath(root, md5);
  if (await ifPresent(Deno.stat(cached)) !== undefined) {
    return { path: cached, here: "cache" as const };
  }
  const path = join(root, file);
  const info = await ifPresent(Deno.stat(path));
  if (info?.isFile && info.size === (size ?? info.size) && await md5File(path) === md5) {
    return { path, here: "file" as const };
  }
}

/** The models of a folder, by the digest of the data that each learned from. */
async function modelsByData(folder: string) {
  const found = new Map<string, { name: string; runId?: string }[]>();
  const entries = await ifPresent(Array.fromAsync(Deno.readDir(folder))) ?? [];
  for (const { name } of entries.toSorted((a, b) => a.name < b.name ? -1 : 1)) {
    if (!name.endsWith("_metadata.json")) continue;
    let metadata: { data_digest?: unknown; run_id?: unknown };
    try {
      metadata = JSON.parse(await Deno.readTextFile(join(folder, name)));
    } catch {
      continue; // a damaged model is told by whoever uses it
    }
    if (typeof metadata.data_digest !== "string") continue;
    const digest = metadata.data_digest.replace(/^sha256:/, "");
    const model = {
      name: name.replace(/_metadata\.json$/, ""),
      ...typeof metadata.run_id === "string" && { runId: metadata.run_id },
    };
    found.set(digest, [...found.get(digest) ?? [], model]);
  }
  return found;
}
