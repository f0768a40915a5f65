/** Prometheus and Alertmanager, with the rules and routes of `deploy/`. */

import { join } from "../base/mod.ts";
import { addressOf, type StackService } from "./service.ts";

/** Metrics and rules. */
export const prometheus: StackService = {
  name: "prometheus",
  about: "metrics, rules and their alerts",
  port: "prometheus",
  async command(plan) {
    const program = await plan.find("prometheus");
    if (program === undefined) return "install prometheus";
    const folder = join(plan.home, "prometheus");
    const deploy = join(plan.root, "deploy/prometheus");
    const known = await Deno.readTextFile(join(deploy, "prometheus.yml"));
    const file = join(folder, "prometheus.yml");
    return {
      program,
      args: [
        ...[`--config.file=${file}`, `--storage.tsdb.path=${join(folder, "data")}`],
        `--web.listen-address=127.0.0.1:${plan.ports.prometheus}`,
      ],
      files: {
        [file]: known.replaceAll("127.0.0.1:5000", `127.0.0.1:${plan.ports.server}`)
          .replaceAll("127.0.0.1:9093", `127.0.0.1:${plan.ports.alertmanager}`)
          .replace("- rules.yml", `- ${JSON.stringify(join(deploy, "rules.yml"))}`),
      },
      page: `${addressOf(plan, "prometheus")}/alerts`,
    };
  },
};

/** Alerts, told on. */
export const alertmanager: StackService = {
  name: "alertmanager",
  about: "alerts, grouped and told",
  port: "alertmanager",
  async command(plan) {
    const program = await plan.find("alertmanager", "prometheus-alertmanager");
    if (program === undefined) return "install alertmanager";
    const folder = join(plan.home, "alertmanager");
    const known = await Deno.readTextFile(join(plan.root, "deploy/alertmanager/alertmanager.yml"));
    const file = join(folder, "alertmanager.yml");
    const keyFile = join(folder, "admin-key");
    return {
      program,
      args: [
        ...[`--config.file=${file}`, `--storage.path=${join(folder, "data")}`],
        ...[`--web.listen-address=127.0.0.1:${plan.ports.alertmanager}`],
        "--cluster.listen-address=",
      ],
      files: {
        ...plan.adminKey !== undefined && { [keyFile]: plan.adminKey },
        [file]:
          (plan.adminKey === undefined
            ? known.replace(/^ *(#.*ADMIN_KEYS.*\n *)?http_config:.*\n/m, "")
            : known.replace("/run/secrets/admin-key", keyFile))
            .replaceAll("127.0.0.1:5000", `127.0.0.1:${plan.ports.server}`),
      },
      page: addressOf(plan, "alertmanager"),
    };
  },
};
