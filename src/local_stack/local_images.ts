/**
 * What stands on this machine for the images of the compose file: which program, what an image adds
 * by itself, and how it is told to listen to this machine alone. A service that has none needs a
 * container.
 */

import { join } from "../base/mod.ts";

/** Where a service stands on this machine. */
export interface LocalPlace {
  /** Port that it listens at. */
  readonly port: number;
  /** Its folder, absolute; it runs there unless it is the project's own. */
  readonly folder: string;
  /** A key that may change the server; empty where it asks for none. */
  readonly adminKey: string;
}

/** What stands for an image. */
export interface LocalImage {
  /** What the service is for. */
  readonly about: string;
  /** Its port in the container. */
  readonly port: number;
  /** Names of the program, of which one is there; none if Deno alone is needed. */
  readonly programs: readonly string[];
  /** What to do if it is not there. */
  readonly install: string;
  /** Whether it is the project's own code: it runs in the project's folder, and without keys too. */
  readonly isProject?: true;
  /** The image's entrypoint, or the program with its usual name, where no Dockerfile tells it. */
  readonly entrypoint?: readonly string[];
  /** The arguments as they are here. */
  args?(args: readonly string[], place: LocalPlace): readonly string[];
  /** A line for the shell as it is here. */
  shell?(line: string, place: LocalPlace): string;
  /** Variables beside those of the compose file. */
  env?(
    place: LocalPlace,
    given: Readonly<Record<string, string>>,
  ): Readonly<Record<string, string>>;
  /** Page for people, below its address. */
  readonly page?: string;
}

const project = {
  ...{ port: 5000, programs: [], install: "", isProject: true as const },
  env: ({ port }: LocalPlace) => ({ HOST: "127.0.0.1", PORT: String(port) }),
};
const listens = ({ port }: LocalPlace) => `--web.listen-address=127.0.0.1:${port}`;

/** By the names of services. */
export const localImages: Readonly<Record<string, LocalImage>> = {
  app: { ...project, about: "predictions, documented at /docs", page: "/docs" },
  trainer: {
    ...{ ...project, about: "looks at the prediction log for drift and quality, trains again" },
    page: "/monitoring",
  },
  postgres: {
    about: "what MLflow keeps",
    ...{ port: 5432, programs: ["postgres"], install: "install postgresql" },
    // As the official image does at its first start, when nobody may reach it yet. PostgreSQL refuses
    // root, which is seen as another user in a namespace: the files stay those of who started it.
    entrypoint: [
      "sh",
      "-c",
      `set -e
data=/var/lib/postgresql/data
if [ "$(id -u)" = 0 ]; then as="unshare --user --map-user=1000 --map-group=1000"; fi
if [ ! -e "$data/cluster" ]; then
  rm -rf "$data/new"
  (umask 077; printf %s "$POSTGRES_PASSWORD" > password)
  $as initdb -D "$data/new" -U "$PGUSER" -A scram-sha-256 --pwfile=password -E UTF8
  rm password
  PGHOST=$(mktemp -d)
  $as pg_ctl -D "$data/new" -w -o "-h '' -k $PGHOST" start
  createdb "$POSTGRES_DB"
  for file in /docker-entrypoint-initdb.d/*.sql; do psql -d "$POSTGRES_DB" -f "$file"; done
  $as pg_ctl -D "$data/new" -m fast -w stop
  rm -r "$PGHOST"
  mv "$data/new" "$data/cluster"
fi
exec $as postgres -D "$data/cluster" -h 127.0.0.1 -c unix_socket_directories=`,
    ],
    env: ({ port }, { POSTGRES_USER, POSTGRES_PASSWORD }) => ({
      ...{ PGHOST: "127.0.0.1", PGPORT: String(port), PGCONNECT_TIMEOUT: "5" },
      ...{ PGUSER: POSTGRES_USER, PGPASSWORD: POSTGRES_PASSWORD },
    }),
  },
  redis: {
    about: "stored features that servers share",
    ...{ port: 6379, programs: ["redis-server"], install: "install redis-server" },
    shell: (line, { port }) =>
      line.replace("redis-server", `redis-server --port ${port} --bind 127.0.0.1 --dir /data`)
        .replace("redis-cli", `redis-cli -p ${port}`),
  },
  s3: {
    about: "MLflow's files, results of steps",
    ...{ port: 7070, programs: ["versitygw"], install: "install versitygw" },
  },
  mlflow: {
    about: "runs and registered models",
    ...{ port: 5000, programs: ["mlflow"], install: "pip install mlflow, in .venv or for all" },
    // Only in a container it goes by another name than those that it takes.
    args: (args, { port }) => [
      ...args.map((arg) => ({ "0.0.0.0": "127.0.0.1", "5000": String(port) })[arg] ?? arg)
        .filter((arg) => arg !== "--allowed-hosts" && arg !== "*"),
      ...["--workers", "1"],
    ],
    page: "/",
  },
  prometheus: {
    about: "metrics, rules and their alerts",
    ...{ port: 9090, programs: ["prometheus"], install: "install prometheus" },
    entrypoint: ["prometheus"],
    args: (args, place) => [...args, listens(place)],
    page: "/alerts",
  },
  alertmanager: {
    about: "alerts, grouped and told",
    port: 9093,
    programs: ["alertmanager", "prometheus-alertmanager"],
    install: "install alertmanager",
    args: (args, place) => [...args.slice(0, -1), `${args.at(-1)!.trimEnd()} ${listens(place)}`],
    // Read as the server reads it, from a file or Vault too.
    env: ({ adminKey }) => ({ ADMIN_KEYS: `key=${adminKey}` }),
    page: "/",
  },
  grafana: {
    about: "pictures of the metrics",
    ...{ port: 3000, programs: ["grafana"], install: "install grafana" },
    entrypoint: ["grafana", "server"],
    args: (args) => [...args, ...grafanaHome()],
    env: ({ port, folder }) => ({
      ...{ GF_SERVER_HTTP_ADDR: "127.0.0.1", GF_SERVER_HTTP_PORT: String(port) },
      ...{ GF_PATHS_DATA: join(folder, "data") },
      GF_PATHS_PROVISIONING: join(folder, "etc/grafana/provisioning"),
    }),
    page: "/",
  },
};

/** Where packages put what Grafana reads beside its program. */
function grafanaHome(): string[] {
  const homes = ["/usr/share/grafana", "/opt/homebrew/share/grafana", "/usr/local/share/grafana"];
  const home = homes.find((path) => {
    try {
      return Deno.statSync(path).isDirectory;
    } catch {
      return false;
    }
  });
  return home === undefined ? [] : [`--homepath=${home}`];
}
