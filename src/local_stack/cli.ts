/** `deno task up`: the stack on this machine, without containers. */

import {
  dirname,
  ifPresent,
  isAbsolute,
  join,
  nearestName,
  parseKey,
  readOptions,
  readSecret,
  type ReadVariable,
  resolve,
  UsageError,
  UserError,
  writeFileAtomic,
} from "../base/mod.ts";
import { type ComposeService, readCompose, readVariables } from "./compose.ts";
import { type LocalImage, localImages } from "./local_images.ts";
import { commandOf, type StackPlan, whyAbsent } from "./service.ts";
import { supervise, type Supervised } from "./supervise.ts";

/** Services of this profile are started. */
const PROFILE = "core";
const FILE = "deploy/compose/compose.yml";

const helpText = `Starts the stack of ${FILE} on this machine, without containers, until Ctrl-C.

  deno task up
  deno task up --without grafana --without alertmanager
  deno task up --port app=8080 --port mlflow=8081

${Object.entries(localImages).map(([name, { about }]) => `  ${name.padEnd(14)}${about}`).join("\n")}

Each runs by the file's own command, settings and health check, under addresses of this machine, if
its program is installed; which do not, and why, is told. Variables are those of the file, from the
environment and deploy/compose/.env. A setting that names a service that does not run is left out, so
that MLflow keeps its runs in SQLite where there is no PostgreSQL. What they keep is in .dinoflow/up;
pipelines that you start beside them track there with MLFLOW_TRACKING_URI=http://127.0.0.1:5001.

  --without NAME      leave a service out
  --port NAME=NUMBER  another port than the file's
  --help, -h          this page

One that ends by itself is told, the others go on. Exit codes: 0 ended by Ctrl-C, 1 one had ended
before, 2 wrong usage.
`;

/** What the command line needs of the process around it. */
export interface UpOptions {
  /** Takes lines of the parts, and the help page. */
  readonly write: (text: string) => void;
  /** Takes what went wrong. */
  readonly warn: (text: string) => void;
  /** Ends all parts. */
  readonly signal: AbortSignal;
  /** The project's folder. */
  readonly root: string;
  /** Folder for what the parts keep. */
  readonly home: string;
  /** Where programs are looked for: the variable `PATH`. */
  readonly path: string;
  /** Reads the environment. */
  readonly env?: ReadVariable;
  /** Programs that stand for the images; for tests. */
  readonly images?: Readonly<Record<string, LocalImage>>;
}

/** Does what `args` ask for and gives the exit code. */
export async function runUp(args: readonly string[], options: UpOptions): Promise<number> {
  const { write, warn, signal } = options;
  try {
    const plan = await planOf(args, options);
    if (plan === undefined) {
      write(helpText);
      return 0;
    }
    refuseTakenPorts(plan);
    const running = plan.services.filter(({ name }) => plan.names.has(name));
    const programs: Supervised[] = [];
    for (const service of running) {
      const program = { name: service.name, ...await commandOf(service, plan) };
      await prepare(program);
      programs.push(program);
    }
    const width = Math.max(...programs.map(({ name }) => name.length));
    const tell = (name: string, text: string) => write(`${name.padEnd(width)} | ${text}\n`);
    for (const { name, page } of programs) if (page !== undefined) tell(name, page);
    const well = await supervise(programs, signal, {
      line: tell,
      died: (name, code) => warn(`${name} ended by itself with code ${code}; the others go on\n`),
    }, { cwd: options.root });
    return well ? 0 : 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(`error: ${error.message}\n${error.next ? `next: ${error.next}\n` : ""}`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function prepare({ name, files = {}, folders = [] }: Supervised): Promise<void> {
  try {
    for (const path of folders) await Deno.mkdir(path, { recursive: true });
    for (const [path, text] of Object.entries(files)) await writeFileAtomic(path, text);
  } catch (cause) {
    throw new UserError(`Cannot write for ${name}: ${(cause as Error).message}`, {
      cause,
      next: "make room, or let the project's folder be written",
    });
  }
}

async function planOf(
  args: readonly string[],
  { root, home, path, warn, env = () => undefined, images = localImages }: UpOptions,
): Promise<StackPlan | undefined> {
  const { words, flag, values } = readOptions(args, { flags: [], valued: ["without", "port"] });
  if (flag.help) return undefined;
  if (words.length > 0) {
    throw new UsageError(`Cannot understand ${words[0]}`, { next: "see --help for the options" });
  }
  const [services, variable] = await composed(resolve(root), env);
  const wanted = services.filter(({ profiles }) => profiles.includes(PROFILE));
  const checked = (name: string, known: readonly string[]) => {
    if (known.includes(name)) return name;
    const near = nearestName(name, known);
    throw new UsageError(`There is no service "${name}"`, {
      next: near === undefined ? `the services are ${known.join(", ")}` : `did you mean ${near}?`,
    });
  };
  const without = new Set(
    values.without.flatMap((text) => text.split(","))
      .map((name) => checked(name, wanted.map(({ name }) => name))),
  );
  const listening = services.filter(({ name }) => Object.hasOwn(images, name));
  const ports: Record<string, number> = {};
  for (const text of values.port) {
    const [, name, number] = /^([\w-]+)=(\d{1,5})$/.exec(text) ?? [];
    if (name === undefined || Number(number) < 1 || Number(number) > 65_535) {
      throw new UsageError(`Cannot understand --port ${text}`, {
        next: "write --port NAME=NUMBER, such as --port app=8080",
      });
    }
    ports[checked(name, listening.map(({ name }) => name))] = Number(number);
  }
  for (const { name, published } of listening) ports[name] ??= published ?? anyPort();
  const between = Deno.build.os === "windows" ? ";" : ":";
  const folders = [
    ...[dirname(Deno.execPath()), join(resolve(root), ".venv/bin"), ...path.split(between)],
    ...await postgresFolders(),
  ].filter((folder) => folder !== "");
  const plan = {
    ...{ home: resolve(home), services, ports, images, adminKey: await adminKeyOf(variable) },
    ...{ path: folders.join(between), find: finder(folders) },
  };
  const names = new Set<string>();
  for (const service of wanted) {
    const { name } = service;
    const found = without.has(name) ? "--without" : await whyAbsent(service, plan);
    if (found === undefined) names.add(name);
    else warn(`${name} is left out: ${found}\n`);
  }
  if (names.size === 0) {
    throw new UsageError("Cannot start anything: every service is left out", {
      next: "use fewer --without",
    });
  }
  return { ...plan, names };
}

/** Services of the compose file, with the variables of the environment and of the file beside it. */
async function composed(
  root: string,
  env: ReadVariable,
): Promise<[ComposeService[], ReadVariable]> {
  const path = join(root, FILE);
  const kept = readVariables(
    await ifPresent(Deno.readTextFile(join(dirname(path), ".env"))) ?? "",
  );
  const text = await Deno.readTextFile(path).catch((cause) => {
    throw new UserError(`Cannot read ${path}: ${cause.message}`, { cause, next: "restore it" });
  });
  const variable: ReadVariable = (name) => env(name) ?? kept.get(name);
  return [readCompose(text, dirname(path), variable), variable];
}

/** The first of the server's keys for changes, as it reads them; empty where it asks for none. */
async function adminKeyOf(env: ReadVariable): Promise<string> {
  const file = env("ADMIN_KEYS_FILE");
  const [text] = (file ? `file:${file}` : env("ADMIN_KEYS") ?? "").split(",");
  if (text.trim() === "") return "";
  const [, head, reference] = /^((?:[\w.-]+=)?)(.*)$/s.exec(text.trim())!;
  const [first] = (await readSecret(reference, "ADMIN_KEYS", env)).split(/[\n,]/);
  return parseKey(head + first.trim()).secret;
}

/** Where Debian keeps the programs of PostgreSQL: those of the newest. */
async function postgresFolders(): Promise<string[]> {
  const folder = "/usr/lib/postgresql";
  const versions = await ifPresent(Array.fromAsync(Deno.readDir(folder))) ?? [];
  const newest = versions.map(({ name }) => Number(name)).sort((a, b) => b - a);
  return newest.slice(0, 1).map((version) => join(folder, String(version), "bin"));
}

/** A port that nobody listens at. */
function anyPort(): number {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  listener.close();
  return listener.addr.port;
}

function refuseTakenPorts({ services, names, ports }: StackPlan): void {
  const wanted = services.filter(({ name }) => names.has(name))
    .map(({ name }) => ({ name, port: ports[name] }));
  const taken = wanted.filter(({ port }, at) => {
    if (wanted.findIndex((other) => other.port === port) !== at) return true;
    try {
      Deno.listen({ hostname: "127.0.0.1", port }).close();
      return false;
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) return true;
      throw error;
    }
  });
  if (taken.length === 0) return;
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(", ");
  throw new UserError(`Cannot start: somebody listens at ${list} already`, {
    next: `end it, or write --port ${taken[0].name}=NUMBER or --without ${taken[0].name}`,
  });
}

function finder(folders: readonly string[]): StackPlan["find"] {
  return async (...names) => {
    for (const name of names) {
      for (const file of isAbsolute(name) ? [name] : folders.map((one) => join(one, name))) {
        const { isFile, mode } = await Deno.stat(file).catch(() => ({ isFile: false, mode: 0 }));
        if (isFile && (mode === null || (mode & 0o111) !== 0)) return file;
      }
    }
  };
}
