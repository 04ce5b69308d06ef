/** One thing that is wrong in a request. */
export interface RequestFault {
  /** Stable name of the fault. */
  readonly code:
    | 'not-an-object'
    | 'unknown-key'
    | 'missing-key'
    | 'wrong-type'
    | 'unknown-fact'
    | 'wrong-fact-value'
    | 'too-many-items';
  /** JSON pointer into the request's body (RFC 6901): `/3/facts/client.adress`. */
  readonly pointer: string;
  /** What is wrong and what was expected, for people. */
  readonly detail: string;
  /** The known name that is nearest to an unknown one. */
  readonly suggestion?: string;
}

/** A problem document (RFC 9457), `about:blank` in its terms: `title` is the status's phrase. */
export interface Problem {
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly RequestFault[];
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
};

/** Makes a problem document. */
export function problemOf(status: number, detail: string, errors?: readonly RequestFault[]): Problem {
  const problem = { status, title: TITLES[status] ?? 'Error', detail };
  return errors === undefined ? problem : { ...problem, errors };
}

/** The response that carries a problem. */
export function problemResponse(problem: Problem, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${JSON.stringify(problem)}\n`, {
    status: problem.status,
    headers: { ...headers, 'content-type': 'application/problem+json' },
  });
}
