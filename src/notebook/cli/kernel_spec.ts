/** How Jupyter starts the kernel, and where it looks for that. */

import { fromFileUrl, join } from "@std/path";
import { ifPresent, UsageError } from "../../base/mod.ts";

/** Name of the kernel's folder, by which notebooks know it. */
export const KERNEL_NAME = "dinoflow";

/** Where a kernel is to be installed. */
export interface InstallPlace {
  /** For the user, whatever JUPYTER_DATA_DIR says. */
  readonly user?: boolean;
  /** A folder like /usr/local. */
  readonly prefix?: string;
  /** The Python environment that is active. */
  readonly sysPrefix?: boolean;
}

/** What Jupyter reads of a kernel. */
export function kernelSpec(deno: readonly string[]): object {
  const main = fromFileUrl(import.meta.resolve("../../deno_kernel/jupyter/main.ts"));
  const config = fromFileUrl(import.meta.resolve("../../../deno.json"));
  return {
    argv: [...deno, "run", "--quiet", "-A", "--config", config, main, "{connection_file}"],
    display_name: "Dinoflow (Deno)",
    language: "typescript",
    interrupt_mode: "message",
    metadata: { debugger: false },
  };
}

/**
 * The command that starts Deno for Jupyter. The file of the one that runs may lie in a cache of
 * npm, which is emptied: then it is the one on the path if that is of the same version, else npx,
 * which fetches it again.
 */
export async function lastingDeno(): Promise<readonly string[]> {
  const own = Deno.execPath();
  if (!/[\\/](?:_npx|\.npm|npm-cache|node_modules)[\\/]/.test(own)) return [own];
  const { deno } = Deno.version;
  return await versionOnPath() === deno ? ["deno"] : ["npx", "-y", `deno@${deno}`];
}

async function versionOnPath(): Promise<string | undefined> {
  const folders = (Deno.env.get("PATH") ?? "").split(Deno.build.os === "windows" ? ";" : ":");
  for (const folder of folders) {
    if (/[\\/](?:_npx|\.npm|npm-cache|node_modules)(?:[\\/]|$)/.test(folder)) continue;
    const file = join(folder, Deno.build.os === "windows" ? "deno.exe" : "deno");
    // A program that is not there is told at once, not by the promise.
    const command = new Deno.Command(file, { args: ["--version"] });
    const said = await ifPresent(Promise.try(() => command.output()));
    if (said) return /^deno (\S+)/.exec(new TextDecoder().decode(said.stdout))?.[1];
  }
  return undefined;
}

/** The folder of kernels that a place means. */
export function kernelsFolder({ user, prefix, sysPrefix }: InstallPlace): string {
  const data = Deno.env.get("JUPYTER_DATA_DIR");
  if (prefix !== undefined) return join(prefix, "share", "jupyter", "kernels");
  if (sysPrefix) {
    const environment = Deno.env.get("VIRTUAL_ENV") ?? Deno.env.get("CONDA_PREFIX");
    if (environment === undefined) {
      throw new UsageError("Cannot install into --sys-prefix: no Python environment is active", {
        next: "activate one, or give its folder with --prefix",
      });
    }
    return join(environment, "share", "jupyter", "kernels");
  }
  if (data !== undefined && data !== "" && !user) return join(data, "kernels");
  return join(userData(), "kernels");
}

/** Reads a variable of the environment. */
type Environment = (name: string) => string | undefined;

/**
 * Whether VS Code looks for kernels in a folder: in those of the system, of the user where neither
 * JUPYTER_DATA_DIR nor XDG_DATA_HOME moves it, of Python's environments, and of JUPYTER_PATH.
 */
export function vsCodeLooksIn(
  kernels: string,
  { sysPrefix }: InstallPlace,
  env: Environment = (name) => Deno.env.get(name),
): boolean {
  const home = env("HOME") ?? env("USERPROFILE") ?? ".";
  const unix = ["/usr/share/jupyter/kernels", "/usr/local/share/jupyter/kernels"];
  const separator = Deno.build.os === "windows" ? ";" : ":";
  const named = (env("JUPYTER_PATH") ?? "").split(separator).filter((path) => path !== "");
  const folders = {
    darwin: [...unix, join(home, "Library", "Jupyter", "kernels")],
    windows: [join(home, "AppData", "Roaming", "jupyter", "kernels")],
  }[Deno.build.os as string] ?? [...unix, join(home, ".local", "share", "jupyter", "kernels")];
  return sysPrefix === true ||
    [...folders, ...named.map((path) => join(path, "kernels"))].includes(kernels);
}

/** Jupyter's own folder of a user. */
function userData(): string {
  const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? ".";
  switch (Deno.build.os) {
    case "darwin":
      return join(home, "Library", "Jupyter");
    case "windows":
      return join(Deno.env.get("APPDATA") ?? join(home, "AppData", "Roaming"), "jupyter");
    default:
      return join(Deno.env.get("XDG_DATA_HOME") ?? join(home, ".local", "share"), "jupyter");
  }
}
