/** `deno task up`: the stack on this machine, without containers. */

import {
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
import { grafana } from "./grafana.ts";
import { mlflow } from "./mlflow.ts";
import { monitor, server } from "./project_services.ts";
import { alertmanager, prometheus } from "./prometheus.ts";
import type { PortName, StackPlan, StackService } from "./service.ts";
import { supervise, type Supervised } from "./supervise.ts";

/** The parts, in the order in which they are told. */
export const stackServices: readonly StackService[] = [
  server,
  monitor,
  mlflow,
  prometheus,
  alertmanager,
  grafana,
];

const usualPorts: Readonly<Record<PortName, number>> = {
  server: 5000,
  mlflow: 5001,
  prometheus: 9090,
  alertmanager: 9093,
  grafana: 3000,
};

const helpText = `Starts the stack on this machine, without containers, until Ctrl-C.

  deno task up
  deno task up --without grafana --without alertmanager
  deno task up --port server=8080 --port mlflow=8081

${stackServices.map(({ name, about }) => `  ${name.padEnd(14)}${about}`).join("\n")}

The last four run if they are installed. What they keep is in .dinoflow/up; pipelines that you start
beside it track there with MLFLOW_TRACKING_URI=http://127.0.0.1:5001.

  --without NAME      leave a part out
  --port NAME=NUMBER  another port (${
  Object.entries(usualPorts).map(([name, port]) => `${name}=${port}`).join(", ")
})
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
  /** Reads the environment, for a key of the server that Alertmanager needs. */
  readonly env?: ReadVariable;
  /** Names of parts and the programs that stand for them; for tests. */
  readonly services?: readonly StackService[];
}

/** Does what `args` ask for and gives the exit code. */
export async function runUp(args: readonly string[], options: UpOptions): Promise<number> {
  const { write, warn, signal, services = stackServices } = options;
  try {
    const plan = await planOf(args, options, services);
    if (plan === undefined) {
      write(helpText);
      return 0;
    }
    const programs = await programsOf(plan, services, warn);
    refuseTakenPorts(plan, services, programs);
    for (const { name, files = {} } of programs) {
      for (const [path, text] of Object.entries(files)) {
        await writeFileAtomic(path, text).catch((cause) => {
          throw new UserError(`Cannot write ${path} for ${name}: ${cause.message}`, {
            cause,
            next: "make room, or let the project's folder be written",
          });
        });
      }
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

async function planOf(
  args: readonly string[],
  { root, home, path, env = () => undefined }: UpOptions,
  services: readonly StackService[],
): Promise<StackPlan | undefined> {
  const { words, flag, values } = readOptions(args, { flags: [], valued: ["without", "port"] });
  if (flag.help) return undefined;
  if (words.length > 0) {
    throw new UsageError(`Cannot understand ${words[0]}`, { next: "see --help for the options" });
  }
  const names = services.map(({ name }) => name);
  const checked = (name: string, known: readonly string[]) => {
    if (known.includes(name)) return name;
    const near = nearestName(name, known);
    throw new UsageError(`There is no part "${name}"`, {
      next: near === undefined ? `the parts are ${known.join(", ")}` : `did you mean ${near}?`,
    });
  };
  const without = new Set(
    values.without.flatMap((text) => text.split(",")).map((name) => checked(name, names)),
  );
  const ports = { ...usualPorts };
  for (const text of values.port) {
    const [, name, number] = /^(\w+)=(\d{1,5})$/.exec(text) ?? [];
    if (name === undefined || Number(number) < 1 || Number(number) > 65_535) {
      throw new UsageError(`Cannot understand --port ${text}`, {
        next: "write --port NAME=NUMBER, such as --port server=8080",
      });
    }
    ports[checked(name, Object.keys(usualPorts)) as PortName] = Number(number);
  }
  const adminKey = await adminKeyOf(env);
  const plan = {
    ...{ root: resolve(root), home: resolve(home), ports, find: finder(path) },
    ...adminKey !== undefined && { adminKey },
  };
  const running = new Set<string>();
  for (const { name, command } of services) {
    const found = await command({ ...plan, names: running });
    if (!without.has(name) && typeof found !== "string") running.add(name);
  }
  for (const name of without) running.delete(name);
  return { ...plan, names: running };
}

/** The first of the server's keys for changes, as it reads them. */
async function adminKeyOf(env: ReadVariable): Promise<string | undefined> {
  const file = env("ADMIN_KEYS_FILE");
  const [text = ""] = (file ? `file:${file}` : env("ADMIN_KEYS") ?? "").split(",");
  if (text.trim() === "") return undefined;
  const [, head, reference] = /^((?:[\w.-]+=)?)(.*)$/s.exec(text.trim())!;
  const [first] = (await readSecret(reference, "ADMIN_KEYS", env)).split(/[\n,]/);
  return parseKey(head + first.trim()).secret;
}

/** The programs of the parts that run; why another does not is told, unless it was left out. */
async function programsOf(
  plan: StackPlan,
  services: readonly StackService[],
  warn: (text: string) => void,
): Promise<Supervised[]> {
  const programs: Supervised[] = [];
  for (const service of services) {
    const { name } = service;
    const command = await service.command(plan);
    if (typeof command === "string") warn(`${name} is left out: ${command}\n`);
    else if (plan.names.has(name)) programs.push({ name, ...command });
  }
  if (programs.length > 0) return programs;
  throw new UsageError("Cannot start anything: every part is left out", {
    next: "use fewer --without",
  });
}

function refuseTakenPorts(
  { ports }: StackPlan,
  services: readonly StackService[],
  programs: readonly Supervised[],
): void {
  const wanted = programs.flatMap(({ name }) => {
    const port = services.find((service) => service.name === name)?.port;
    return port === undefined ? [] : [{ name, port: ports[port] }];
  });
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

function finder(path: string): StackPlan["find"] {
  const folders = path.split(Deno.build.os === "windows" ? ";" : ":").filter((one) => one !== "");
  return async (...names) => {
    for (const name of names) {
      for (const file of isAbsolute(name) ? [name] : folders.map((one) => join(one, name))) {
        const { isFile, mode } = await Deno.stat(file).catch(() => ({ isFile: false, mode: 0 }));
        if (isFile && (mode === null || (mode & 0o111) !== 0)) return file;
      }
    }
  };
}
