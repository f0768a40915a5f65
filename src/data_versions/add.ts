/** Puts a file under DVC's care, as `dvc add` does. */

import { createHash } from "node:crypto";
import {
  basename,
  DataError,
  dirname,
  ifPresent,
  join,
  relative,
  sha256File,
  temporaryPath,
  writeFileAtomic,
} from "../base/mod.ts";
import { dvcFileText, type TrackedOutput } from "./dvc_file.ts";

/** MD5 of a file, as hexadecimal digits, read piece by piece. */
export async function md5File(path: string): Promise<string> {
  const hash = createHash("md5");
  using file = await Deno.open(path);
  const buffer = new Uint8Array(1 << 20);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    hash.update(buffer.subarray(0, count));
  }
  return hash.digest("hex");
}

/** Where DVC's cache of a project keeps a content. */
export function cachePath(root: string, md5: string): string {
  return join(root, ".dvc/cache/files/md5", md5.slice(0, 2), md5.slice(2));
}

/**
 * Writes `FILE.dvc`, keeps the content in DVC's cache and lets git ignore the file itself. From
 * there `dvc push` takes it to the team's store, and git the file of DVC.
 *
 * @param root The project's folder, in which `dvc init` has been run.
 * @param file Path of the file, below it.
 * @returns What was written, and whether the content is new.
 * @throws {DataError} if there is no such file, or no DVC in the project.
 */
export async function addFile(
  root: string,
  file: string,
): Promise<{ readonly output: Required<TrackedOutput>; readonly dvcFile: string }> {
  const inside = relative(root, file);
  if (inside.startsWith("..")) {
    throw new DataError(`Cannot add ${file}: it is outside of the project`, {
      next: "copy it below data/ first",
    });
  }
  if (await ifPresent(Deno.stat(join(root, ".dvc"))) === undefined) {
    throw new DataError(`Cannot add ${inside}: the project has no DVC`, {
      next: "pip install dvc, then: dvc init",
    });
  }
  const info = await ifPresent(Deno.stat(file));
  if (info === undefined || !info.isFile) {
    throw new DataError(`Cannot add ${inside}: there is no such file`, {
      next: info?.isDirectory ? "add a folder with DVC itself: dvc add" : "check its name",
    });
  }
  const md5 = await md5File(file);
  const sha256 = await sha256File(file);
  const after = await Deno.stat(file);
  if (after.size !== info.size || after.mtime?.getTime() !== info.mtime?.getTime()) {
    throw new DataError(`Cannot add ${inside}: it changes while it is read`, {
      next: "add it once it is written",
    });
  }
  await keep(file, cachePath(root, md5));
  const dvcFile = `${file}.dvc`;
  const output = { md5, size: info.size, path: basename(file), sha256 };
  const text = await ifPresent(Deno.readTextFile(dvcFile));
  const earlier = text === undefined ? undefined : { text, file: dvcFile };
  await writeFileAtomic(dvcFile, dvcFileText(output, earlier));
  await ignore(join(dirname(file), ".gitignore"), `/${basename(file)}`);
  return { output, dvcFile };
}

/** Copies a content into the cache, read-only and whole. */
async function keep(file: string, target: string): Promise<void> {
  if (await ifPresent(Deno.stat(target)) !== undefined) return;
  await Deno.mkdir(dirname(target), { recursive: true });
  const temporary = temporaryPath(target);
  try {
    await Deno.copyFile(file, temporary);
    await Deno.chmod(temporary, 0o444);
    await Deno.rename(temporary, target);
  } catch (error) {
    await Deno.remove(temporary).catch(() => {}); // it may not have come into being
    throw error;
  }
}

async function ignore(path: string, line: string): Promise<void> {
  const text = await ifPresent(Deno.readTextFile(path)) ?? "";
  if (text.split("\n").includes(line)) return;
  const joint = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeFileAtomic(path, `${text}${joint}${line}\n`);
}
