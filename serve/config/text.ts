/** What the server says of its settings: the help page, and the line it logs at its start. */

import {
  type Config,
  configSchema,
  flagOf,
  secrets,
  type SettingName,
  settingNames,
  settingVariable,
} from "./schema.ts";

/** The help page. */
export function helpText(): string {
  const defaults: Config = configSchema.parse({});
  const rows = settingNames.map((name) => {
    const preset = [defaults[name]].flat().join(",");
    return [
      `--${flagOf(name)}`,
      settingVariable(name) + (secrets.has(name) ? "[_FILE]" : ""),
      `${configSchema.shape[name].description}${preset === "" ? "" : ` (${preset})`}`,
    ];
  });
  const widths = [0, 1].map((at) => Math.max(...rows.map((row) => row[at].length)));
  const lines = rows.map(([flag, variable, meaning]) =>
    `  ${flag.padEnd(widths[0])}  ${variable.padEnd(widths[1])}  ${meaning}`
  );
  return `Serves exported models over HTTP.

  deno task serve                                  the newest model in models/, on 127.0.0.1:5000
  deno task serve --port 8080 --model 20261121_101500
  deno task serve --model models:/credit-score@champion --challenger models:/credit-score@challenger
  API_KEYS_FILE=/run/secrets/keys deno task serve --host 0.0.0.0

  curl -X POST localhost:5000/predict -H 'Content-Type: application/json' -d '{"Age": "35_"}'

Each setting is a flag or an environment variable; the flag wins. Lists are separated by commas.
Keys and addresses with passwords may stand elsewhere: file:PATH, or vault:MOUNT/PATH#FIELD with VAULT_ADDR and VAULT_TOKEN,
VAULT_ROLE_ID or VAULT_K8S_ROLE (docs/secrets.md). ELASTICSEARCH_URL ships the log (docs/logs.md).

${lines.join("\n")}
  --help, -h

Deno's listener has no limit on connections, in all or of one address, on the time that headers
take, or on idle time: deploy/nginx.conf sets these before it.

The interactive documentation of a running server is at /docs, its state at /health.
SIGTERM and Ctrl-C finish every request whose body has come and end with exit code 0; what is not
done a second after --timeout-ms is given up. A second signal ends the process at once.
Exit codes: 0 ended, 1 could not serve, 2 wrong usage.
`;
}

/** Settings that are addresses, which may hold a password. */
const addresses: ReadonlySet<SettingName> = new Set([
  ...["mlflowTrackingUri", "redisUrl", "geminiBaseUrl", "openaiBaseUrl"] as const,
]);

/** The settings without secrets: of those only how many there are. */
export function printable(config: Config): Record<string, unknown> {
  const shown = (name: SettingName) => {
    const value = config[name];
    if (secrets.has(name) && !addresses.has(name)) {
      return value && `${[value].flat().length} set`;
    }
    if (name === "extraModels") return config.extraModels.map(({ reference }) => reference);
    const address = addresses.has(name);
    if (!address || value === undefined) return value;
    const url = new URL(String(value));
    url.username = url.password = "";
    return url.href;
  };
  return Object.fromEntries(
    settingNames.map((name) => [name, shown(name)]).filter(([, value]) => value !== undefined),
  );
}
