/** A service of the compose file as a program of this machine. */

import { dirname, isAbsolute, join } from "../base/mod.ts";
import type { ComposeService } from "./compose.ts";
import type { LocalImage, LocalPlace } from "./local_images.ts";

/** Where the services stand and listen. */
export interface StackPlan {
  /** Folder for what the services keep, absolute. */
  readonly home: string;
  /** All services of the file. */
  readonly services: readonly ComposeService[];
  /** Ports of this machine, by services that have a place on it. */
  readonly ports: Readonly<Record<string, number>>;
  /** The services that run. */
  readonly names: ReadonlySet<string>;
  /** What stands for their images. */
  readonly images: Readonly<Record<string, LocalImage>>;
  /** A key that may change the server; empty where it asks for none. */
  readonly adminKey: string;
  /** Folders of programs, as in the variable `PATH`. */
  readonly path: string;
  /** Finds a program: its path, or undefined. */
  readonly find: (...names: readonly string[]) => Promise<string | undefined>;
}

/** How a service is started. */
export interface StackCommand {
  /** The program: its path, or a name that is looked for. */
  readonly program: string;
  /** Its arguments. */
  readonly args: readonly string[];
  /** Variables beside those of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Folder that it runs in; the common one without it. */
  readonly cwd?: string;
  /** Files that it reads, by their paths, written before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folders that it writes to. */
  readonly folders?: readonly string[];
  /** Names of those that must be well before it starts. */
  readonly needs?: readonly string[];
  /** Line for the shell that succeeds once it is well. */
  readonly health?: string;
  /** Page for people. */
  readonly page?: string;
}

/** Why a service cannot run here as a program; undefined if it can. */
export async function whyAbsent(
  { name, missing }: ComposeService,
  { images, find }: Pick<StackPlan, "images" | "find">,
): Promise<string | undefined> {
  const image = Object.hasOwn(images, name) ? images[name] : undefined;
  if (image === undefined) return "it needs a container";
  // On this machine alone the project's own services may be asked by anyone.
  if (missing.length > 0 && image.isProject === undefined) return missing.join(", ");
  if (image.programs.length === 0 || await find(...image.programs) !== undefined) return undefined;
  return image.install;
}

/** The program of a service that runs. */
export async function commandOf(service: ComposeService, plan: StackPlan): Promise<StackCommand> {
  const { ports, names, find } = plan;
  const { name, health } = service;
  const image = plan.images[name];
  const folder = join(plan.home, name);
  const place = { port: ports[name], folder, adminKey: plan.adminKey };
  const paths = pathsOf(service, plan, folder);
  const inShell = (line: string) =>
    hostsHere(pathsHere(shellHere(line, image, place), paths, quoted), plan);
  const built = service.dockerfile && await readDockerfile(service.dockerfile);
  const entrypoint = service.entrypoint ?? (built ? built.entrypoint : image.entrypoint) ?? [];
  const command = service.command ??
    (service.entrypoint === undefined && built ? built.command : undefined) ?? [];
  const given = [...entrypoint, ...command];
  const isShell = given[1] === "-c";
  const whole = image.args?.(given, place) ?? given;
  const [program, ...args] = whole.map((arg, at) =>
    isShell && at === 2 ? inShell(arg) : hostsHere(pathsHere(arg, paths), plan)
  );
  // The Dockerfiles' programs are this Deno, and what is found here under one of the image's names.
  const found = isShell
    ? program
    : program === "deno"
    ? Deno.execPath()
    : await find(...image.programs) ?? program;
  const files: Record<string, string> = {};
  for (const [target, source] of service.configs) {
    const text = await Deno.readTextFile(source);
    files[join(folder, target)] = hostsHere(pathsHere(text, paths), plan);
  }
  const environment = Object.entries(service.environment)
    .filter(([, value]) => !namesAbsent(value, plan))
    .map(([variable, value]) => [variable, hostsHere(value, plan)]);
  return {
    ...{ program: found, args, files },
    env: {
      ...Object.fromEntries(environment),
      ...image.env?.(place, service.environment),
      PATH: plan.path,
    },
    ...image.isProject === undefined && { cwd: folder },
    folders: [folder, ...paths.values().filter((path) => path.startsWith(plan.home))]
      .filter((path) => !(path in files)),
    needs: service.needs.filter((one) => names.has(one)),
    ...health !== undefined && { health: inShell(health) },
    ...image.page !== undefined && { page: `http://127.0.0.1:${place.port}${image.page}` },
  };
}

/** Entrypoint and command of the image that a Dockerfile builds. */
async function readDockerfile(path: string) {
  const text = await Deno.readTextFile(path);
  const last = (word: string): string[] | undefined => {
    const found = [...text.matchAll(new RegExp(`^${word} (\\[.*\\])$`, "gm"))].at(-1);
    return found && JSON.parse(found[1]);
  };
  return { entrypoint: last("ENTRYPOINT"), command: last("CMD") };
}

/** Paths of this machine by those of the container; the project's own services have its folders. */
function pathsOf(
  { volumes, configs, tmpfs }: ComposeService,
  { home }: StackPlan,
  folder: string,
): Map<string, string> {
  return new Map([
    ...[...volumes].filter(([target]) => !target.startsWith("/app/")).map(([target, source]) =>
      [target, isAbsolute(source) ? source : join(home, "volumes", source)] as const
    ),
    ...[...configs.keys(), ...configs.keys().map(dirname), ...tmpfs].map((target) =>
      [target, join(folder, target)] as const
    ),
  ]);
}

function pathsHere(
  text: string,
  paths: ReadonlyMap<string, string>,
  written: (path: string) => string = (path) => path,
): string {
  if (paths.size === 0) return text;
  // At once, as a path here may hold one of the others; the longest first.
  const targets = [...paths.keys()].sort((a, b) => b.length - a.length).map(RegExp.escape);
  const any = new RegExp(`(?<![\\w./-])(?:${targets.join("|")})(?![\\w.-])`, "g");
  return text.replaceAll(any, (target) => written(paths.get(target)!));
}

/** A line for the shell, in which the service itself listens elsewhere. */
function shellHere(line: string, image: LocalImage, place: LocalPlace): string {
  const here = line.replaceAll(
    new RegExp(`(?:127\\.0\\.0\\.1)?:${image.port}(?!\\d)`, "g"),
    `127.0.0.1:${place.port}`,
  );
  return image.shell?.(here, place) ?? here;
}

/** Services under their addresses on this machine; what has no port is a bucket, but for a database. */
function hostsHere(text: string, { services, ports, images }: StackPlan): string {
  for (const { name } of services) {
    if (!(name in ports)) continue;
    const port = images[name].port;
    text = text.replaceAll(
      new RegExp(`(?<=//|@|")${name}:${port}(?!\\d)|(?<=@)${name}(?=/)`, "g"),
      `127.0.0.1:${ports[name]}`,
    );
  }
  return text;
}

/**
 * Whether a value means a service that does not run: by its host, or by a scheme that is its name,
 * as `s3://` is. Without such a variable the embedded part is used.
 */
function namesAbsent(value: string, { services, names }: StackPlan): boolean {
  return services.some(({ name }) =>
    !names.has(name) && new RegExp(`//${name}:|@${name}[:/]|^${name}://`).test(value)
  );
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
