import type { ExplainedLine, ExplainedRule, ExplainResult, FactDescription } from '@sluice/language-server/protocol';
import { type Html, html } from './html.js';
import { link } from './timeline-html.js';

/** Facts that most questions are about; the others are folded away. */
const USUAL_FACTS: ReadonlySet<string> = new Set([
  'connector.name',
  'server.name',
  'server.version',
  'client.address',
  'helo',
  'sender.domain',
]);

/** The page that asks what one connection gets: a form of facts, and room for the answer. */
export function decisionFormHtml(facts: readonly FactDescription[]): Html {
  const field = (fact: FactDescription) => fieldHtml(fact);
  return html`<h1>Explain a decision</h1>
<form>
<fieldset><legend>Connection</legend>${facts.filter(({ name }) => USUAL_FACTS.has(name)).map(field)}
<details><summary>All other facts</summary>${facts.filter(({ name }) => !USUAL_FACTS.has(name)).map(field)}</details></fieldset>
<fieldset><legend>Time</legend>
<label for="firstDetected">first detected</label>
<input id="firstDetected" name="firstDetected" placeholder="35d ago: 35d; or 2026-09-08" spellcheck="false">
<label for="at">decided at</label>
<input id="at" name="at" placeholder="now, or 2026-10-13T09:00:00Z" spellcheck="false"></fieldset>
<button type="submit">Decide</button>
</form>
<section id="answer" aria-live="polite"></section>`;
}

function fieldHtml({ name, type, description, values }: FactDescription): Html {
  const id = `fact-${name}`;
  const proposed = values ?? (type === 'boolean' ? ['true', 'false'] : []);
  const list =
    proposed.length > 0 &&
    html`<datalist id="${id}-values">${proposed.map((value) => html`<option value="${value}">`)}</datalist>`;
  return html`<label for="${id}" title="${description}">${name}</label>
<input id="${id}" name="${name}" title="${description}" placeholder="${type}" spellcheck="false"${proposed.length > 0 && html` list="${id}-values"`}>${list}`;
}

/** The answer: what is decided, the reply, and how each policy came out. */
export function answerHtml(result: ExplainResult): Html {
  if ('problem' in result) return html`<p class="problem" role="alert">${result.problem}</p>`;
  const { decision, rules } = result;
  const { action, policy, stage, mode, exemption, elapsed, reply, next, wouldBe } = decision;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['policy', policy],
    ['exemption', exemption],
    ['mode', mode],
    ['stage', stage],
    ['on the clock', elapsed],
    ['reply', reply === undefined ? undefined : `${reply.code} ${reply.status} ${reply.text}`],
    ['would be, if enforced', wouldBe?.action],
    ['next stage', next === undefined ? undefined : `${next.stage} at ${next.at}`],
    ['window', decision.window === undefined ? undefined : `${decision.window.opensAt} to ${decision.window.closesAt}`],
  ];
  return html`<h2 class="action ${action}">${action}</h2>
<dl>${rows.filter(([, value]) => value !== undefined).map(([term, value]) => html`<dt>${term}</dt><dd>${value}</dd>`)}</dl>
<h2>How it came about</h2>
${rules.map(ruleHtml)}`;
}

function ruleHtml({ kind, name, holds, decides, note, lines, location }: ExplainedRule): Html {
  const outcome = decides ? 'decides' : holds ? 'matches' : (note ?? 'does not match');
  return html`<details class="rule ${decides ? 'decides' : ''}"${decides && html` open`}>
<summary>${kind} <strong>${name}</strong>: ${outcome}</summary>
<p>${link(location, `${fileOf(location.uri)}:${location.range.start.line + 1}`)}</p>
<ol class="trace">${lines.map(lineHtml)}</ol>
</details>`;
}

function lineHtml({ depth, text, result, factValue, location }: ExplainedLine): Html {
  const mark = result === undefined ? '·' : result ? '✓' : '✗';
  const said = result === undefined ? 'not asked' : result ? 'holds' : 'does not hold';
  return html`<li class="depth-${Math.min(depth, 8)} ${said.replaceAll(' ', '-')}"><span aria-label="${said}">${mark}</span>
<code>${text}</code>${factValue !== undefined && html` <small>is ${factValue}</small>`}
${link(location, `${fileOf(location.uri)}:${location.range.start.line + 1}`)}</li>`;
}

function fileOf(uri: string): string {
  return decodeURIComponent(uri.slice(uri.lastIndexOf('/') + 1));
}
