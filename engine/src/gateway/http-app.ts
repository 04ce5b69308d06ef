import { Hono } from 'hono';
import { decisionToJson } from '../decision/decision-json.js';
import type { Awaitable } from '../policy/awaitable.js';
import { carriesToken } from './bearer-token.js';
import type { Enforcer, Verdict } from './enforcer.js';
import type { GatewayLog } from './gateway-log.js';
import { type DecisionItem, readDecisionRequest } from './http-decision-request.js';
import { readJsonBody } from './http-json-body.js';
import { problemOf, problemResponse } from './http-problem.js';

/** Whether the service is ready to decide, with whatever explains it: plain JSON values. */
export interface Readiness {
  readonly ready: boolean;
  readonly [detail: string]: unknown;
}

export interface HttpAppOptions {
  readonly enforcer: Enforcer;
  /** Token that requests to `/v1` and `/metrics` must carry; absent, none is asked for. */
  readonly token?: string;
  readonly maxRequestOctets: number;
  readonly readiness: () => Readiness;
  readonly metrics: () => Promise<{ readonly contentType: string; readonly body: string }>;
  readonly log: GatewayLog;
  /** Told of each request that was refused as malformed. */
  readonly onMalformed: () => void;
}

/** Statuses that say that a request cannot be read; 401, 404 and 405 are of other kinds. */
const MALFORMED_STATUSES: ReadonlySet<number> = new Set([400, 413, 415]);

/** The HTTP interface, apart from its server: decisions, health, readiness, metrics. Errors are problem documents (RFC 9457). */
export function httpApp(options: HttpAppOptions): Hono {
  const { enforcer, token, maxRequestOctets, readiness, metrics, log, onMalformed } = options;
  const app = new Hono();

  app.use(async (context, next) => {
    await next();
    if (MALFORMED_STATUSES.has(context.res.status)) onMalformed();
  });
  for (const path of ['/v1/*', '/metrics']) {
    app.use(path, async (context, next) => {
      if (token === undefined || carriesToken(context.req.header('authorization'), token)) return next();
      const detail = 'The request needs the header "Authorization: Bearer" with the token that is configured.';
      return problemResponse(problemOf(401, detail), { 'www-authenticate': 'Bearer realm="sluice"' });
    });
  }

  app.post('/v1/decisions', async (context) => {
    const body = await readJsonBody(context.req.raw, maxRequestOctets);
    if (!body.ok) return problemResponse(body.problem);
    const request = readDecisionRequest(body.json);
    if (!request.ok) {
      return problemResponse(problemOf(400, request.faults[0]?.detail ?? 'The request is wrong.', request.faults));
    }
    const answers = [];
    for (const item of request.items) answers.push(answerOf(await judge(enforcer, item)));
    return context.json(Array.isArray(body.json) ? answers : answers[0]);
  });
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const state = readiness();
    return context.json(state, state.ready ? 200 : 503);
  });
  app.get('/metrics', async (context) => {
    const { contentType, body } = await metrics();
    return context.body(body, 200, { 'content-type': contentType });
  });

  refuseOtherMethods(app, '/v1/decisions', 'POST');
  for (const path of ['/healthz', '/readyz', '/metrics']) refuseOtherMethods(app, path, 'GET, HEAD');
  app.notFound((context) => {
    const paths = 'POST /v1/decisions, GET /healthz, GET /readyz, GET /metrics';
    return problemResponse(
      problemOf(404, `There is nothing at ${context.req.path.slice(0, 80)}. There are: ${paths}.`),
    );
  });
  app.onError((error) => {
    log.warn('gateway-fault', { gateway: 'http', err: error });
    return problemResponse(problemOf(500, 'Something inside failed; the log of the service tells more.'));
  });
  return app;
}

function refuseOtherMethods(app: Hono, path: string, allow: string): void {
  app.all(path, () => problemResponse(problemOf(405, `The method is not allowed here. Allowed: ${allow}.`), { allow }));
}

function judge(enforcer: Enforcer, item: DecisionItem): Awaitable<Verdict> {
  return item.headers === undefined
    ? enforcer.judgeConnection(item.connection)
    : enforcer.judgeMessage(item.connection, item.headers);
}

function answerOf(verdict: Verdict) {
  const { action, reply, decision } = verdict;
  return {
    action,
    ...(reply === undefined ? {} : { reply }),
    ...(decision === undefined ? {} : { decision: decisionToJson(decision) }),
  };
}
