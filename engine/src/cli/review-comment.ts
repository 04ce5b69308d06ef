import { readFile } from 'node:fs/promises';
import { cutComment } from '../dry-run/review/cut-comment.js';
import { reviewMarker } from '../dry-run/review/review-markdown.js';
import type { CommandLine } from './command-line.js';
import { UsageError } from './exit-code.js';

export const FORGES = ['github', 'gitlab'] as const;
export type ForgeName = (typeof FORGES)[number];

/** A comment as GitHub (`user`) or GitLab (`author`) gives it. */
interface ForgeComment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly login?: string; readonly type?: string };
  readonly author?: { readonly username?: string };
}

/** Comments of a change on a forge, over its REST interface. */
interface Forge {
  readonly headers: Readonly<Record<string, string>>;
  /** Tells whose token it is. */
  readonly self: string;
  /** Where comments are listed and made. */
  readonly comments: string;
  readonly commentAt: (id: number) => string;
  readonly updateMethod: 'PATCH' | 'PUT';
  /** Longest comment, in characters. */
  readonly maxLength: number;
}

type Environment = CommandLine['environment'];

const PER_PAGE = 100;
const MAX_PAGES = 50;
const TIMEOUT_MILLIS = 30_000;

/**
 * Posts the review of a policy set as a comment on the change that the CI job runs for; one that is there already is updated.
 *
 * @throws UsageError where the job's environment does not tell the change, or the forge refuses
 */
export async function postReview(
  forge: ForgeName,
  policies: string,
  markdown: string,
  environment: Environment,
): Promise<void> {
  const target = forge === 'github' ? await gitHub(environment) : gitLab(environment);
  const body = cutComment(markdown, target.maxLength);
  const known = await findComment(target, reviewMarker(policies));
  if (known === undefined) await send(target, target.comments, 'POST', { body });
  else await send(target, target.commentAt(known), target.updateMethod, { body });
}

/** https://docs.github.com/en/rest/issues/comments */
async function gitHub(environment: Environment): Promise<Forge> {
  const api = needed(environment, 'GITHUB_API_URL');
  const repository = needed(environment, 'GITHUB_REPOSITORY');
  const number = await pullRequestNumber(environment);
  const token = needed(environment, 'GITHUB_TOKEN');
  return {
    headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    self: `${api}/user`,
    comments: `${api}/repos/${repository}/issues/${number}/comments`,
    commentAt: (id) => `${api}/repos/${repository}/issues/comments/${id}`,
    updateMethod: 'PATCH',
    maxLength: 65_536,
  };
}

async function pullRequestNumber(environment: Environment): Promise<number> {
  const path = needed(environment, 'GITHUB_EVENT_PATH');
  const event = JSON.parse(await readFile(path, 'utf8')) as { readonly pull_request?: { readonly number?: number } };
  const number = event.pull_request?.number;
  if (number === undefined) throw new UsageError('The job does not run for a pull request; --post github needs one');
  return number;
}

/** https://docs.gitlab.com/api/notes/ */
function gitLab(environment: Environment): Forge {
  const project = encodeURIComponent(needed(environment, 'CI_PROJECT_ID'));
  const change = needed(environment, 'CI_MERGE_REQUEST_IID');
  const api = needed(environment, 'CI_API_V4_URL');
  const notes = `${api}/projects/${project}/merge_requests/${change}/notes`;
  return {
    headers: { 'private-token': needed(environment, 'GITLAB_TOKEN') },
    self: `${api}/user`,
    comments: notes,
    commentAt: (id) => `${notes}/${id}`,
    updateMethod: 'PUT',
    maxLength: 1_000_000,
  };
}

function needed(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw new UsageError(`The environment has no ${name}, which --post needs`);
  return value;
}

/** The comment of an earlier run; what others write does not count, whatever it begins with. */
async function findComment(forge: Forge, marker: string): Promise<number | undefined> {
  const self = await ownName(forge);
  const isOurs = ({ body, user, author }: ForgeComment) => {
    if (body?.startsWith(marker) !== true) return false;
    return self === undefined ? user?.type === 'Bot' : (user?.login ?? author?.username) === self;
  };
  for (let page = 1; page <= MAX_PAGES; page++) {
    const answer = await send(forge, `${forge.comments}?per_page=${PER_PAGE}&page=${page}`, 'GET');
    const comments = (await answer.json()) as readonly ForgeComment[];
    const known = comments.find(isOurs);
    if (known !== undefined) return known.id;
    if (comments.length < PER_PAGE) return undefined;
  }
  return undefined;
}

/** Undefined for the token of a GitHub job, which may not ask who it is: it writes as a bot. */
async function ownName({ self, headers }: Forge): Promise<string | undefined> {
  const answer = await request(self, { headers });
  if (answer.status === 401 || answer.status === 403) return undefined;
  await expectGood(answer, 'GET', self);
  const { login, username } = (await answer.json()) as { readonly login?: string; readonly username?: string };
  return login ?? username;
}

async function send(forge: Forge, url: string, method: string, body?: object): Promise<Response> {
  const answer = await request(url, {
    method,
    headers: { ...forge.headers, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  await expectGood(answer, method, url);
  return answer;
}

function request(url: string, init: RequestInit): Promise<Response> {
  return fetch(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MILLIS) }).catch((error: Error) => {
    throw new UsageError(`${init.method ?? 'GET'} ${url} failed: ${error.message}`);
  });
}

async function expectGood(answer: Response, method: string, url: string): Promise<void> {
  if (answer.ok) return;
  throw new UsageError(`${method} ${url} was answered with ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}
