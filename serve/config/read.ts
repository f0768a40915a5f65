/** From flags, environment and secret files to validated settings. */

import { parseArgs } from "@std/cli/parse-args";
import { nearestName, UsageError } from "../../src/base/mod.ts";
import { isRegistryReference, parseRegistryReference } from "../model/registry_source.ts";
import {
  type Config,
  configSchema,
  flagOf,
  secrets,
  type SettingName,
  settingNames,
  settingVariable,
} from "./schema.ts";

/** Where settings come from. */
export interface Sources {
  /** The command line. */
  readonly args: readonly string[];
  /** Reads an environment variable. */
  env(name: string): string | undefined;
  /** Reads a file that a `<VARIABLE>_FILE` names. */
  readFile(path: string): string;
}

/**
 * Reads the settings; a flag wins over its variable.
 *
 * @returns The settings, or `help` if that is asked for.
 * @throws {UsageError} naming every setting that does not exist or cannot be used.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const sources = { args: ["--port", "8080"], env: () => undefined, readFile: () => "" };
 * const config = readServerConfig(sources);
 * assertEquals(config !== "help" && config.port, 8080);
 * ```
 */
export function readServerConfig({ args, env, readFile }: Sources): Config | "help" {
  const flags = readFlags(args);
  if (flags === "help") return "help";
  const texts: Record<string, string> = {};
  for (const name of settingNames) {
    const text = flags[name] ?? fromEnvironment(name, env, readFile);
    if (text !== undefined) texts[name] = text;
  }
  const result = configSchema.safeParse(texts);
  if (result.success) return crossChecked(result.data);
  const faults = result.error.issues.map(({ path: [name], message }) => {
    const setting = name as SettingName;
    const shown = secrets.has(setting) ? "" : ` "${texts[setting]}"`;
    const reason = message.charAt(0).toLowerCase() + message.slice(1);
    return `--${flagOf(setting)} (${settingVariable(setting)})${shown}: ${reason}`;
  });
  throw new UsageError(`Cannot start with these settings: ${faults.join("; ")}`, {
    next: "see --help for what each of them takes",
  });
}

function readFlags(args: readonly string[]): Partial<Record<SettingName, string>> | "help" {
  const flags = settingNames.map(flagOf);
  const parsed = parseArgs([...args], {
    boolean: ["help"],
    string: [...flags, "_"],
    alias: { h: "help" },
    unknown: (found: string) => {
      const near = nearestName(found.replace(/^-+|=.*$/g, ""), flags);
      throw new UsageError(`Cannot understand ${found}`, {
        next: near === undefined ? "see --help for the flags" : `did you mean --${near}?`,
      });
    },
  });
  if (parsed.help) return "help";
  const found: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const flag = flagOf(name);
    const value: string | undefined = parsed[flag];
    if (value === undefined) continue;
    // Said outright, an empty value is one.
    if (value === "" && !args.includes(`--${flag}=`)) {
      throw new UsageError(`Cannot understand --${flag}: it needs a value`, {
        next: `write --${flag} VALUE`,
      });
    }
    found[name] = value;
  }
  return found;
}

/** An empty variable counts as unset, as in a compose file that passes all of them on. */
function fromEnvironment(
  name: SettingName,
  env: Sources["env"],
  readFile: Sources["readFile"],
): string | undefined {
  const variable = settingVariable(name);
  const text = env(variable) || undefined;
  const path = secrets.has(name) ? env(`${variable}_FILE`) || undefined : undefined;
  if (path === undefined) return text;
  if (text !== undefined) {
    throw new UsageError(`Cannot read ${variable}: ${variable}_FILE is set too`, {
      next: "unset one of them",
    });
  }
  try {
    return readFile(path).trim().replaceAll(/\s*\n\s*/g, ",");
  } catch (cause) {
    const reason = cause instanceof Deno.errors.NotCapable
      ? "deno task serve may read below its own folder and /run/secrets"
      : (cause as Error).message;
    throw new UsageError(
      `Cannot read ${variable}_FILE=${path}: ${reason}`,
      { cause, next: "name a file that the server may read, one key per line" },
    );
  }
}

function crossChecked(config: Config): Config {
  const { model, challenger, extraModels, mlflowTrackingUri } = config;
  const extras = extraModels.flatMap(({ reference, challenger }) => [reference, challenger]);
  const remote = [model, challenger, ...extras]
    .filter((name) => name !== undefined && isRegistryReference(name)) as string[];
  remote.forEach(parseRegistryReference);
  if (remote.length > 0 && mlflowTrackingUri === undefined) {
    throw new UsageError(`Cannot fetch ${remote[0]}: no MLflow server is named`, {
      next: "set MLFLOW_TRACKING_URI to the server's http(s) address",
    });
  }
  if (config.apiKeys.length === 0 && config.protect.length > 0) {
    throw new UsageError("Cannot use PROTECT: there are no API_KEYS", {
      next: "set API_KEYS, or API_KEYS_FILE",
    });
  }
  if (config.predictionCache === "redis" && config.redisUrl === undefined) {
    throw new UsageError("Cannot keep predictions in Redis: REDIS_URL is not set", {
      next: "set it as redis://HOST:6379/0, or --prediction-cache memory",
    });
  }
  if ((config.cert === undefined) !== (config.key === undefined)) {
    throw new UsageError(`Cannot use TLS: ${config.cert ? "KEY" : "CERT"} is not set`, {
      next: "set --cert and --key, or none",
    });
  }
  if (config.thresholdClass !== undefined && config.threshold === undefined) {
    throw new UsageError("Cannot use THRESHOLD_CLASS: THRESHOLD is not set", {
      next: "set both, or none",
    });
  }
  return config;
}
