/** The process itself, as Deno tells it: prom-client's own collectors want Node's internals. */

import process from "node:process";
import { Counter, Gauge, type Registry } from "prom-client";

/** Registers memory, processor time and start of the process. */
export function registerProcessMetrics(registry: Registry, startedAt: Date): void {
  const registers = [registry];
  new Gauge({
    name: "process_start_time_seconds",
    help: "Start of the process in seconds since 1970",
    registers,
  }).set(startedAt.getTime() / 1000);
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Processor time of the process, user and system",
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  new Gauge({
    name: "process_resident_memory_bytes",
    help: "Memory of the process",
    registers,
    collect() {
      this.set(Deno.memoryUsage().rss);
    },
  });
  new Gauge({
    name: "process_heap_bytes",
    help: "JavaScript memory in use",
    registers,
    collect() {
      this.set(Deno.memoryUsage().heapUsed);
    },
  });
}
