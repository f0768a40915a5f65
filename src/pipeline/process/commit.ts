/** Which commit of the project a run is of. */

import { join } from "../../base/mod.ts";

/** What git said, and how the checkout looked then. */
export interface KnownCommit {
  /** How the checkout looked from outside; undefined if that cannot be told. */
  readonly sign?: string;
  /** The commit, `+` if files differ from it; null outside of git. */
  readonly commit: string | null;
}

/** The commit that is checked out: what is known of it, if the checkout looks as it did then. */
export async function commitOf(root: string, known?: KnownCommit): Promise<KnownCommit> {
  const sign = signOf(root);
  if (sign !== undefined && sign === known?.sign) return known;
  return { ...sign !== undefined && { sign }, commit: await askGit(root) ?? null };
}

/**
 * What a checkout looks like from outside: what is checked out, and when its index was
 * written. A commit, a checkout, a staged file change it; an edit does not. Undefined
 * where the folder is not the top of a checkout of its own.
 */
function signOf(root: string): string | undefined {
  const git = join(root, ".git");
  try {
    const head = Deno.readTextFileSync(join(git, "HEAD"));
    const [, branch] = /^ref: (.*)\s*$/.exec(head) ?? [];
    return JSON.stringify([
      head,
      branch !== undefined && tipOf(git, branch),
      written(join(git, "index")),
    ]);
  } catch {
    return undefined;
  }
}

function tipOf(git: string, branch: string): unknown {
  try {
    return Deno.readTextFileSync(join(git, branch));
  } catch {
    return written(join(git, "packed-refs"));
  }
}

function written(path: string): unknown {
  const { size, mtime, ctime, ino } = Deno.statSync(path);
  return [size, mtime, ctime, ino];
}

/** The commit that is checked out, `+` if files differ; undefined outside of git. */
export async function askGit(root: string): Promise<string | undefined> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      args: ["-C", root, "status", "--porcelain=v2", "--branch", "--untracked-files=no"],
      stderr: "null",
    }).output();
    if (!success) return undefined;
    const lines = new TextDecoder().decode(stdout).trimEnd().split("\n");
    const commit = /^# branch\.oid ([0-9a-f]{12})/.exec(lines[0])?.[1];
    const changed = lines.some((line) => !line.startsWith("#"));
    return commit && `${commit}${changed ? "+" : ""}`;
  } catch {
    return undefined; // git is not there, or may not be run
  }
}
