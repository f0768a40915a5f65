/** A compose file, read as Docker Compose does: as much of the format as `deploy/compose` uses. */

import { parse } from "@std/yaml";
import { join, type ReadVariable, UserError } from "../base/mod.ts";

/** A service of a compose file. */
export interface ComposeService {
  /** Name, which is also its host name for the others. */
  readonly name: string;
  /** It is started where one of these is asked for. */
  readonly profiles: readonly string[];
  /** Path of the Dockerfile that its image is built from; undefined where the image is another's. */
  readonly dockerfile?: string;
  /** In place of the image's entrypoint. */
  readonly entrypoint?: readonly string[];
  /** In place of the image's command. */
  readonly command?: readonly string[];
  /** Its variables. */
  readonly environment: Readonly<Record<string, string>>;
  /** Port of this machine that it is published at; undefined where it is not. */
  readonly published?: number;
  /** Services that must be up before. */
  readonly needs: readonly string[];
  /** Line for the shell that succeeds while it is well. */
  readonly health?: string;
  /** Paths of this machine or names of volumes, by their paths in the container. */
  readonly volumes: ReadonlyMap<string, string>;
  /** Files of this machine that are its configuration, by their paths in the container. */
  readonly configs: ReadonlyMap<string, string>;
  /** Folders in the container that are empty at first. */
  readonly tmpfs: readonly string[];
  /** What the file says of variables that it requires of this service and that are not set. */
  readonly missing: readonly string[];
}

interface ServiceOfFile {
  readonly profiles?: readonly string[];
  readonly build?: { readonly context: string; readonly dockerfile: string };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, unknown>>;
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly volumes?: readonly string[];
  readonly configs?: readonly { readonly source: string; readonly target: string }[];
  readonly tmpfs?: readonly string[];
}

/**
 * Services of a compose file, in its order.
 *
 * @param folder Folder of the file, absolute: its paths are relative to it.
 * @param variable Gives the value of a variable; undefined if it is not set.
 * @throws {UserError} if the text is no compose file.
 */
export function readCompose(
  text: string,
  folder: string,
  variable: ReadVariable,
): ComposeService[] {
  const file = parse(text, { schema: "default" }) as {
    readonly services?: Readonly<Record<string, ServiceOfFile>>;
    readonly configs?: Readonly<Record<string, { readonly file: string }>>;
  } | null;
  if (!file?.services) {
    throw new UserError(`Cannot find services in the compose file of ${folder}`, {
      next: "restore deploy/compose/compose.yml",
    });
  }
  const at = (...paths: string[]) => join(folder, ...paths);
  return Object.entries(file.services).map(([name, given]) => {
    const missing = new Set<string>();
    const service = filled(given, variable, missing) as ServiceOfFile;
    const { build, ports = [], healthcheck, volumes = [], configs = [] } = service;
    const health = healthcheck?.test[0] === "CMD-SHELL" ? healthcheck.test[1] : undefined;
    return {
      ...{ name, profiles: service.profiles ?? [], needs: Object.keys(service.depends_on ?? {}) },
      ...build && { dockerfile: at(build.context, build.dockerfile) },
      ...service.entrypoint && { entrypoint: service.entrypoint },
      ...service.command && { command: service.command },
      environment: Object.fromEntries(
        Object.entries(service.environment ?? {}).map(([name, value]) => [name, `${value ?? ""}`]),
      ),
      missing: [...missing],
      // ADDRESS:PORT:PORT_IN_CONTAINER
      ...ports.length > 0 && { published: Number(ports[0].split(":").at(-2)) },
      ...health !== undefined && { health },
      volumes: new Map(volumes.map((volume) => {
        const [source, target] = volume.split(":");
        return [target, source.startsWith(".") ? at(source) : source];
      })),
      configs: new Map(
        configs.map(({ source, target }) => [target, at(file.configs![source].file)]),
      ),
      tmpfs: service.tmpfs ?? [],
    };
  });
}

/** Variables in place of `${NAME}`, `${NAME:-default}` and `${NAME:?what is missing}`. */
function filled(value: unknown, variable: ReadVariable, missing: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, variable, missing));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, one]) => [name, filled(one, variable, missing)]),
    );
  }
  if (typeof value !== "string") return value;
  return value.replace(/\$(?:\$|\{(\w+)(?::([-?])([^}]*))?\})/g, (_, name, how, rest) => {
    if (name === undefined) return "$";
    const found = variable(name);
    if (found) return found;
    if (how === "?") missing.add(rest);
    return how === "-" ? rest : "";
  });
}

/** Lines `NAME=VALUE` of an `.env` file. */
export function readVariables(text: string): Map<string, string> {
  return new Map(
    [...text.matchAll(/^[ \t]*(\w+)=(?:"([^"]*)"|'([^']*)'|(.*?))[ \t]*(?:[ \t]#.*)?\r?$/gm)]
      .map(([, name, double, single, plain]) => [name, double ?? single ?? plain]),
  );
}
