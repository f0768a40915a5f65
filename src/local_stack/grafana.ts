/** Grafana with the dashboard of `deploy/`. */

import { join } from "../base/mod.ts";
import { addressOf, type StackService } from "./service.ts";

/** Where packages put what Grafana reads beside its program. */
const homes = ["/usr/share/grafana", "/opt/homebrew/share/grafana", "/usr/local/share/grafana"];

/** Pictures of the metrics. */
export const grafana: StackService = {
  name: "grafana",
  about: "pictures of the metrics",
  port: "grafana",
  async command(plan) {
    const program = await plan.find("grafana", "grafana-server");
    if (program === undefined) return "install grafana";
    const folder = join(plan.home, "grafana");
    const deploy = join(plan.root, "deploy/grafana");
    const provisioning = join(folder, "provisioning");
    const source = await Deno.readTextFile(
      join(deploy, "provisioning/datasources/prometheus.yml"),
    );
    const dashboards = await Deno.readTextFile(
      join(deploy, "provisioning/dashboards/dinoflow.yml"),
    );
    const home = homes.find((path) => {
      try {
        return Deno.statSync(path).isDirectory;
      } catch {
        return false;
      }
    });
    return {
      program,
      args: [
        ...(program.endsWith("grafana-server") ? [] : ["server"]),
        ...(home === undefined ? [] : [`--homepath=${home}`]),
        ...[`cfg:paths.data=${join(folder, "data")}`, `cfg:paths.provisioning=${provisioning}`],
        ...["cfg:server.http_addr=127.0.0.1", `cfg:server.http_port=${plan.ports.grafana}`],
        "cfg:analytics.reporting_enabled=false",
      ],
      files: {
        [join(provisioning, "datasources/prometheus.yml")]: source
          .replace("http://127.0.0.1:9090", addressOf(plan, "prometheus")),
        [join(provisioning, "dashboards/dinoflow.yml")]: dashboards
          .replace("/var/lib/grafana/dashboards", deploy),
      },
      page: addressOf(plan, "grafana"),
    };
  },
};
