/** What monitoring found: drift, alerts, quality by day, the latest predictions. */

import { type RouteConfig, z } from "@hono/zod-openapi";
import {
  clearAlerts,
  type ModelStatus,
  type MonitorStatus,
  readAlerts,
  readStatus,
} from "../../src/monitor_files/mod.ts";
import { recentPredictions } from "../../src/prediction_log/mod.ts";
import type { Right } from "../http/access.ts";
import type { AppContext } from "../http/admission.ts";
import type { Extension } from "../http/extension.ts";
import { Problem } from "../http/problem.ts";
import type { Looks } from "../jobs/looks.ts";
import { metricsType } from "../observe/exposition.ts";
import { answers } from "../openapi/declare.ts";
import { driftMetrics } from "./drift_metrics.ts";
import { alertsAnswer, dayAnswer, driftAnswer, recentAnswer } from "./schemas.ts";

/** What the routes need. */
export interface MonitoringOptions {
  /** Folder of the prediction log; empty if there is none. */
  readonly log: string;
  readonly looks: Looks;
  /** What a scrape asks for. */
  readonly metricsRight: Right;
}

/** Milliseconds for which a request waits for the look that it asked for. */
const WAIT_MS = 4000;
/** Alerts that are told where a request names no number. */
const USUAL_ALERTS = 100;
const DAY_MS = 86_400_000;

/** A route, declared and answered. */
interface Route {
  readonly method: "get" | "post" | "delete";
  readonly path: string;
  readonly summary: string;
  readonly right: Right;
  readonly request?: RouteConfig["request"];
  readonly responses: RouteConfig["responses"];
  answer(c: AppContext): Promise<Response>;
}

const known = [400, 401, 404];
const limitQuery = z.object({ limit: z.string().regex(/^[1-9]\d{0,3}$/).optional() });
const modelPath = z.object({
  model: z.string().openapi({ description: "Name in the registry, of its files, or a version" }),
});

/** The routes, each also below `/mlops/api`. */
export function monitoringRoutes(options: MonitoringOptions): Extension {
  const routes = routesOf(options).flatMap((route) => [
    route,
    { ...route, path: `/mlops/api${route.path}` },
  ]);
  return {
    paths: routes.map(({ method, path, summary, request, responses }) => ({
      ...{ method, path, summary, tags: ["monitoring"], responses },
      ...request && { request },
    })),
    add(app, gate) {
      for (const { method, path, right, answer } of routes) {
        app[method](path.replace(/\{(\w+)\}/g, ":$1"), gate.ask(right, (c) => answer(c)));
      }
    },
  };
}

function routesOf({ log, looks, metricsRight }: MonitoringOptions): Route[] {
  const status = async () => {
    if (log === "") throw new Problem(409, "Nothing is watched: there is no prediction log");
    return await readStatus(log);
  };
  const alerts = async (c: AppContext) => {
    const all = log === "" ? [] : await readAlerts(log);
    const latest = all.slice(-whole(c.req.query("limit") ?? `${USUAL_ALERTS}`, "limit", 9999));
    return c.json({ count: latest.length, alerts: latest.toReversed() });
  };
  const check = async (c: AppContext, model?: string) => {
    await status();
    const done = await looks.take(WAIT_MS);
    const found = modelsOf(await status(), model);
    return c.json(found.told(!done), done ? 200 : 202);
  };
  const looked = {
    ...answers(driftAnswer, [...known, 403, 409]),
    202: { ...answers(driftAnswer)[200], description: "The look goes on" },
  };
  // Those with fixed names stand before {model}.
  return [
    {
      ...{ method: "get", path: "/monitoring/drift/alerts", right: "predict" },
      summary: "The latest alerts, newest first",
      request: { query: limitQuery },
      responses: answers(alertsAnswer, [400, 401]),
      answer: alerts,
    },
    {
      ...{ method: "delete", path: "/monitoring/drift/alerts", right: "admin" },
      summary: "Put all alerts aside; open ones stay open",
      responses: answers(z.object({ cleared: z.int() }), [400, 401, 403]),
      answer: async (c) => c.json({ cleared: log === "" ? 0 : await clearAlerts(log) }),
    },
    {
      ...{ method: "get", path: "/monitoring/drift/metrics", right: metricsRight },
      summary: "What monitoring found, for Prometheus",
      responses: {
        200: { description: "Done", content: { "text/plain": { schema: z.string() } } },
      },
      answer: async () =>
        new Response(driftMetrics(log === "" ? undefined : await readStatus(log)), {
          headers: { "Content-Type": metricsType },
        }),
    },
    {
      ...{ method: "post", path: "/monitoring/drift/check-all", right: "admin" },
      summary: "Look at the prediction log now",
      responses: looked,
      answer: (c) => check(c),
    },
    {
      ...{ method: "post", path: "/monitoring/drift/{model}/check", right: "admin" },
      summary: "Look at the prediction log now, and tell of a model",
      request: { params: modelPath },
      responses: looked,
      answer: (c) => check(c, c.req.param("model")),
    },
    {
      ...{ method: "get", path: "/monitoring/drift/{model}", right: "predict" },
      summary: "How a model was at the latest look",
      request: { params: modelPath },
      responses: answers(driftAnswer, [...known, 409]),
      answer: async (c) => c.json(modelsOf(await status(), c.req.param("model")).told(false)),
    },
    {
      ...{ method: "get", path: "/monitoring/performance/{days}", right: "predict" },
      summary: "Each model day by day",
      request: { params: z.object({ days: z.string().regex(/^[1-9]\d{0,2}$/) }) },
      responses: answers(dayAnswer, [400, 401, 409]),
      answer: async (c) => {
        const days = whole(c.req.param("days")!, "days", 999);
        return c.json({ days: byDay(await status(), Date.now() - days * DAY_MS) });
      },
    },
    {
      ...{ method: "get", path: "/monitoring/predictions/recent/{limit}", right: "predict" },
      summary: "The latest predictions, newest first, as they were logged",
      request: { params: z.object({ limit: z.string().regex(/^[1-9]\d{0,2}$/) }) },
      responses: answers(recentAnswer, [400, 401]),
      answer: async (c) => {
        const limit = whole(c.req.param("limit")!, "limit", 999);
        const predictions = log === "" ? [] : await recentPredictions(log, limit);
        return c.json({ count: predictions.length, predictions });
      },
    },
    {
      ...{ method: "get", path: "/monitoring/alerts/recent", right: "predict" },
      summary: "The latest alerts, newest first",
      request: { query: limitQuery },
      responses: answers(alertsAnswer, [400, 401]),
      answer: alerts,
    },
  ];
}

/** The models that are meant; each where none is named. */
function modelsOf(status: MonitorStatus | undefined, wanted?: string) {
  const models = (status?.models ?? []).filter((one) =>
    wanted === undefined || namesOf(one).includes(wanted)
  );
  if (models.length === 0 && wanted !== undefined) {
    throw new Problem(404, `No model "${wanted.slice(0, 100)}" is watched`);
  }
  return {
    told: (running: boolean) => ({ checked_at: status?.checked_at ?? null, running, models }),
  };
}

const namesOf = ({ name, model_name, model_version }: ModelStatus) => [
  ...[name, model_name, model_version],
  `${model_name}_v_${model_version}`,
];

/** A whole number from 1 up. */
function whole(text: string, name: string, most: number): number {
  const found = /^[1-9]\d{0,3}$/.test(text) ? Number(text) : 0;
  if (found >= 1 && found <= most) return found;
  throw new Problem(400, `Cannot understand ${name}: wanted a whole number from 1 to ${most}`);
}

/** Windows by day and model. */
function byDay(status: MonitorStatus | undefined, since: number) {
  return (status?.models ?? []).flatMap(({ model_name, model_version, history }) => {
    const days = Map.groupBy(
      history.filter(({ from }) => from >= since),
      ({ from }) => new Date(from).toISOString().slice(0, 10),
    );
    return [...days].map(([day, windows]) => {
      const sum = (of: (one: typeof windows[number]) => number) =>
        windows.reduce((total, one) => total + of(one), 0);
      const most = (found: readonly (number | null)[]) => {
        const there = found.filter((one) => one !== null);
        return there.length === 0 ? null : Math.max(...there);
      };
      const rows = sum((one) => one.rows);
      const labels = sum((one) => one.labels);
      const acted = windows.some(({ above }) => above === null)
        ? null
        : sum((one) => (one.above ?? 0) * one.rows) / Math.max(1, rows);
      return {
        ...{ day, model_name, model_version },
        predictions: rows,
        drift_score: most(windows.map(({ psi }) => psi)),
        missing: sum((one) => one.missing * one.rows) / Math.max(1, rows),
        latency_p95_ms: most(windows.map(({ latency_ms }) => latency_ms?.p95 ?? null)),
        action_rate: acted,
        labels,
        accuracy: labels === 0 ? null : 1 - sum((one) => (one.wrong ?? 0) * one.labels) / labels,
      };
    });
  });
}
