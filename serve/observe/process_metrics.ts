/** The process itself, as Deno tells it. */

import process from "node:process";
import type { MetricFamily } from "./exposition.ts";

/** What only the server knows of its process. */
export interface ProcessFacts {
  /** When it started. */
  readonly startedAt: Date;
  /** Requests that are being worked on. */
  readonly inFlight: number;
  /** Bytes of JavaScript memory in use, of all threads. */
  readonly heapBytes: number;
}

/** Memory, processor time and start of the process, and how busy it is. */
export function processMetrics({ startedAt, inFlight, heapBytes }: ProcessFacts): MetricFamily[] {
  const one = (
    name: string,
    help: string,
    value: number,
    type: MetricFamily["type"] = "gauge",
  ) => ({
    ...{ name, help, type, labels: [], samples: [{ labels: [], value }] },
  });
  const { user, system } = process.cpuUsage();
  const started = startedAt.getTime() / 1000;
  const seconds = (user + system) / 1e6;
  return [
    one("dinoflow_requests_in_flight", "Requests that are being worked on", inFlight),
    one("process_start_time_seconds", "Start of the process in seconds since 1970", started),
    one(
      "process_cpu_seconds_total",
      "Processor time of the process, user and system",
      seconds,
      "counter",
    ),
    one("process_resident_memory_bytes", "Memory of the process", Deno.memoryUsage().rss),
    one("process_heap_bytes", "JavaScript memory in use", heapBytes),
  ];
}
