/** A copy of the project in which anything may happen: the checkout itself never changes. */

import { fromFileUrl, join, relative } from "@std/path";

export const root = fromFileUrl(new URL("..", import.meta.url));

/** Runs a command in a folder and gives what it prints. */
export async function printed(folder: string, program: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args, cwd: folder })
    .output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`Cannot run ${program} ${args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}

/**
 * Copies what git would take, and links the installed packages.
 *
 * @param linked Folders that are linked, not copied: packages of npm, and of Python.
 */
export async function copyTree(
  target: string,
  linked: readonly string[] = ["node_modules", ".venv"],
): Promise<void> {
  const listed = await printed(root, "git", "ls-files", "-co", "--exclude-standard", "-z");
  for (const path of listed.split("\0")) {
    if (path === "") continue;
    const to = join(target, path);
    await Deno.mkdir(join(to, ".."), { recursive: true });
    try {
      await Deno.copyFile(join(root, path), to);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error; // deleted, not yet committed
    }
  }
  for (const folder of linked) {
    const from = join(root, folder);
    if (!await Deno.stat(from).then(() => true, () => false)) continue;
    // Hard links: a server that may read its own folder only would not get past a symbolic one.
    await printed(root, "cp", "-al", from, join(target, folder));
  }
}

/** The files of the project below each path, which is a file or a folder. */
export async function filesIn(paths: readonly string[], ending: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if ((await Deno.stat(join(root, path))).isFile) found.push(path);
    else {
      const entries = await Array.fromAsync(Deno.readDir(join(root, path)));
      found.push(
        ...await filesIn(
          entries.filter(({ name, isDirectory }) => isDirectory || name.endsWith(ending))
            .map(({ name }) => `${path}/${name}`),
          ending,
        ),
      );
    }
  }
  return found.sort();
}

/** The files of the project that a file imports, itself and others' imports among them. */
export async function reachedBy(file: string): Promise<Set<string>> {
  const graph = JSON.parse(await printed(root, Deno.execPath(), "info", "--json", file)) as {
    modules: { specifier: string }[];
  };
  return new Set(
    graph.modules.filter(({ specifier }) => specifier.startsWith("file:"))
      .map(({ specifier }) => relative(root, fromFileUrl(specifier))),
  );
}
