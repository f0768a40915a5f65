/** The process itself, as Deno tells it: prom-client's own collectors want Node's internals. */

import process from "node:process";
import { Counter, Gauge, type Registry } from "prom-client";

/** What only the server knows of its process. */
export interface ProcessFacts {
  /** When it started. */
  readonly startedAt: Date;
  /** Requests that are being worked on. */
  readonly inFlight: number;
  /** Bytes of JavaScript memory in use, of all threads. */
  readonly heapBytes: number;
}

/** Registers memory, processor time and start of the process, and how busy it is. */
export function registerProcessMetrics(
  registry: Registry,
  { startedAt, inFlight, heapBytes }: ProcessFacts,
): void {
  const gauge = (name: string, help: string, value: number) =>
    new Gauge({ name, help, registers: [registry] }).set(value);
  const { user, system } = process.cpuUsage();
  gauge("dinoflow_requests_in_flight", "Requests that are being worked on", inFlight);
  gauge(
    "process_start_time_seconds",
    "Start of the process in seconds since 1970",
    startedAt.getTime() / 1000,
  );
  new Counter({
    name: "process_cpu_seconds_total",
    help: "Processor time of the process, user and system",
    registers: [registry],
  }).inc((user + system) / 1e6);
  gauge("process_resident_memory_bytes", "Memory of the process", Deno.memoryUsage().rss);
  gauge("process_heap_bytes", "JavaScript memory in use", heapBytes);
}
