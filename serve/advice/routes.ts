/** `POST /predict/advice`, conversations and feedback. */

import type { z } from "@hono/zod-openapi";
import {
  type Advice,
  type AdviceEvent,
  type AdviceUsage,
  redactPersonalData,
} from "../../src/advisor/mod.ts";
import { alarm } from "../../src/base/mod.ts";
import type { Config } from "../config/schema.ts";
import type { Observer, StageEnded } from "../contract.ts";
import type { Admission, AppContext } from "../http/admission.ts";
import type { Ticket } from "../http/deadlines.ts";
import type { Extension } from "../http/extension.ts";
import { Problem } from "../http/problem.ts";
import { validBody } from "../http/valid.ts";
import type { AdviceMetrics } from "../observe/advice_metrics.ts";
import { DayBudget } from "./day_budget.ts";
import { advicePaths } from "./declarations.ts";
import { eventStream } from "./event_stream.ts";
import { askAs, modelTools } from "./model_tools.ts";
import { adviceProblem, type ServedAdvisor } from "./open_advice.ts";
import { QuestionRate } from "./question_rate.ts";
import { scopeModel } from "./scope_model.ts";
import { type aboutAnswer, adviceRequest, feedbackRequest } from "./schemas.ts";

/** Answers that are written at once. */
const MOST = 64;

/** What the routes are made of. */
export interface AdviceRoutesOptions {
  readonly advice: ServedAdvisor;
  readonly config: Config;
  readonly metrics: AdviceMetrics;
  readonly observer: Pick<Observer, "log" | "stages">;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** The routes. */
export function adviceRoutes(
  { advice, config, metrics, observer, now = Date.now }: AdviceRoutesOptions,
): Extension {
  const rate = new QuestionRate(config.adviceRate);
  const limits = { tokens: config.adviceDailyTokens, cost: config.adviceDailyCost };
  const budget = new DayBudget(limits, () => advice.conversations);
  let open = 0;

  /** What a caller may know of an error once an answer has begun; a defect is told to the log. */
  const problemOf = (error: unknown, id: string) => {
    const known = adviceProblem(error);
    if (known !== undefined) return known;
    const stack = error instanceof Error ? error.stack : String(error);
    observer.log("error", "advice met a defect", { request_id: id, stack });
    return new Problem(500, "The server failed; its log tells why");
  };
  const kept = () => {
    const { conversations } = advice;
    if (conversations !== undefined) return conversations;
    throw new Problem(409, "No conversations are kept: --advice-conversations is off");
  };

  return {
    paths: advicePaths,
    beforeModels: true,
    add(app, gate, slots) {
      const answer = async (c: AppContext, ticket: Ticket): Promise<Response> => {
        const body = validBody(adviceRequest, await gate.body(c, ticket), "Cannot advise");
        const streams = body.stream ??
          (c.req.raw.headers.get("accept") ?? "").includes("text/event-stream");
        const [owner, payer] = [ownerOf(c), payerOf(c)];
        if (advice.closed !== undefined) throw advice.closed;
        const { conversation } = body;
        if (conversation !== undefined && !kept().has(owner, conversation)) {
          throw noConversation(conversation);
        }
        rate.take(payer, performance.now());
        budget.check(payer, now());
        if (open >= MOST) {
          throw new Problem(503, `${MOST} answers are being written`, {
            headers: { "Retry-After": "5" },
          });
        }
        const ask = askAs(c, (request, env) => app.fetch(request, env));
        const advisor = await advice.open(scopeModel(config.adviceScopeModel, slots, ask));
        const ending = new AbortController();
        const late = alarm(config.adviceTimeoutMs / 1000, () => {
          ending.abort(new Problem(504, `No answer within ${config.adviceTimeoutMs} ms`));
        });
        let usage: AdviceUsage | undefined;
        open++;
        const close = () => {
          open--;
          late[Symbol.dispose]();
          if (usage === undefined) return;
          metrics.used(usage);
          budget.add(payer, now(), usage);
        };
        const events = counted(
          metrics,
          observer.stages(c.get("id")),
          advice.provider === undefined ? "extractive" : "model",
          advisor.ask({
            ...{ text: body.question, owner, signal: ending.signal },
            ...conversation !== undefined && { conversation },
            tools: modelTools(config.adviceTools, slots, ask),
            onUsage: (taken) => usage = taken,
          }),
        );
        if (streams) {
          const first = await settled(events.next(), close);
          return new Response(
            eventStream(
              continued(first, events),
              (error) => problemOf(error, c.get("id")),
              (reason) => ending.abort(reason),
              close,
            ),
            { headers: { "Content-Type": "text/event-stream", "Cache-Control": "no-store" } },
          );
        }
        ticket.lengthen(config.adviceTimeoutMs + 1000);
        ticket.onCancel((reason) => ending.abort(reason));
        try {
          let last: Advice | undefined;
          for await (const event of events) if (event.kind === "done") last = event.advice;
          return c.json(last);
        } finally {
          close();
        }
      };
      app.post(
        "/predict/advice",
        gate.work("predict", (c, ticket) => asProblems(() => answer(c, ticket))),
      );
      app.get(
        "/advice/about",
        gate.ask("predict", (c) => {
          if (advice.closed !== undefined) throw advice.closed;
          const about: z.output<typeof aboutAnswer> = {
            mode: advice.provider === undefined ? "extractive" : "model",
            model: advice.modelName,
            keeps_conversations: config.adviceConversations !== "",
            days: config.adviceDays,
            disclaimer: config.adviceDisclaimer ?? null,
          };
          return c.json(about);
        }),
      );
      const asked = (work: (c: AppContext) => Response) =>
        gate.ask("predict", (c) => asProblems(() => Promise.try(() => work(c))));
      app.get(
        "/advice/conversations/:id",
        asked((c) => {
          const id = c.req.param("id")!;
          const found = kept().read(ownerOf(c), id);
          if (found === undefined) throw noConversation(id);
          return c.json(found);
        }),
      );
      app.delete(
        "/advice/conversations/:id",
        asked((c) => {
          const id = c.req.param("id")!;
          if (!kept().remove(ownerOf(c), id)) throw noConversation(id);
          return c.json({ removed: 1 });
        }),
      );
      app.delete(
        "/advice/conversations",
        asked((c) => {
          // Without a name they would be everybody's.
          if (c.get("caller").key === undefined && userOf(c) === "") {
            throw new Problem(409, "Nobody is named: conversations without a key go one by one");
          }
          return c.json({ removed: kept().removeAll(ownerOf(c)) });
        }),
      );
      app.post(
        "/advice/feedback",
        gate.work("predict", (c, ticket) => asProblems(() => feedback(c, ticket, gate))),
      );
    },
  };

  async function feedback(c: AppContext, ticket: Ticket, gate: Admission): Promise<Response> {
    const body = validBody(feedbackRequest, await gate.body(c, ticket), "Cannot take feedback");
    const { answer, rating, comment } = body;
    if (!kept().rate(ownerOf(c), answer, { rating, comment: redactPersonalData(comment).text })) {
      throw new Problem(404, `There is no answer "${answer}"`);
    }
    metrics.feedback.of(rating).value++;
    return c.json({ kept: true });
  }
}

/** Whose conversations: those of a key, and of one of its people where it names them. */
function ownerOf(c: AppContext): string {
  return JSON.stringify([c.get("caller").key ?? null, userOf(c)]);
}

function userOf(c: AppContext): string {
  const user = c.req.raw.headers.get("x-advice-user") ?? "";
  if (user.length <= 128) return user;
  throw new Problem(400, "X-Advice-User has more than 128 characters");
}

/** Who pays: the key, or the address without one. */
function payerOf(c: AppContext): string {
  const caller = c.get("caller");
  return caller.key === undefined ? `address ${caller.address}` : `key ${caller.key}`;
}

function noConversation(id: string): Problem {
  return new Problem(404, `There is no conversation "${id.slice(0, 60)}"`);
}

/** What the advisor throws, as answers. */
async function asProblems<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw adviceProblem(error) ?? error;
  }
}

async function settled<T>(work: Promise<T>, failed: () => void): Promise<T> {
  try {
    return await work;
  } catch (error) {
    failed();
    throw error;
  }
}

/** The events, of which the first has come already. */
function continued(
  first: IteratorResult<AdviceEvent>,
  events: AsyncGenerator<AdviceEvent>,
): AsyncIterator<AdviceEvent> {
  let given = false;
  return {
    next: () => {
      if (given) return events.next();
      given = true;
      return Promise.resolve(first);
    },
    return: () => events.return(undefined),
  };
}

/** Counts answers, tools and what was left out, and tells the stages of their making. */
async function* counted(
  metrics: AdviceMetrics,
  ends: StageEnded,
  mode: string,
  events: AsyncIterable<AdviceEvent>,
): AsyncGenerator<AdviceEvent> {
  let [begun, ended] = [false, false];
  try {
    for await (const event of events) {
      if (event.kind === "tool") {
        const { name, failed } = event.tool;
        const status = failed ? "failed" : "ok";
        metrics.tools.of(name, status).value++;
        ends("tool", { "dinoflow.tool": name, "dinoflow.status": status });
      } else if (event.kind === "sources") ends("passages");
      else if (event.kind === "text" && !begun) {
        begun = true;
        ends("first text");
      } else if (event.kind === "done") {
        const { mode, refusal, withheld, first_text_ms: first } = event.advice;
        ended = true;
        const outcome = refusal?.code ?? "answered";
        metrics.answers.of(mode, outcome).value++;
        ends("answer", { "dinoflow.mode": mode, "dinoflow.outcome": outcome });
        for (const check of withheld) metrics.withheld.of(check).value++;
        if (first !== null) metrics.firstText.of(mode).observe(first / 1000);
      }
      yield event;
    }
  } finally {
    if (!ended) metrics.answers.of(mode, "failed").value++;
  }
}
