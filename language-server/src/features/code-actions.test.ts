import { checkPolicySet } from '@sluice/engine/decision/check-policies.js';
import { describe, expect, it } from 'vitest';
import { type CodeAction, CodeActionKind, CodeActionTriggerKind, type Diagnostic, Range } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toDiagnostic } from '../diagnostics/to-diagnostic.js';
import { resolveRefactoring } from '../refactorings/offer-refactorings.js';
import { selected } from '../refactorings/refactor.fixture.js';
import type { DocumentInSet } from '../workspace/workspace.js';
import type { CodeActionClient } from './code-action-client.js';
import { FIX_ALL_KIND } from './code-action-kinds.js';
import { codeActions, fileActions } from './code-actions.js';

const ABLE: CodeActionClient = { canChangeFiles: true, resolvesEdits: true };
const SOUND = `name: old
mode: enforce
priority: 100
when: { any: [{ all: [{ fact: helo, operator: equal, value: a }] }, { all: [{ fact: helo, operator: equal, value: b }] }] }
stages: [{ name: report, after: 0d }, { name: blocked, after: 30d, block: always }]
`;

interface Asked {
  readonly only?: string[];
  readonly triggerKind?: CodeActionTriggerKind;
  readonly client?: CodeActionClient;
  readonly isShown?: (diagnostic: Diagnostic) => boolean;
}

/** The actions at the caret `¦`, for a client that shows all diagnostics, or some. */
function actionsAt(texts: Readonly<Record<string, string>>, asked: Asked = {}) {
  const { only, triggerKind, client = ABLE, isShown = () => true } = asked;
  const { context, range } = selected(texts);
  const { findings } = checkPolicySet(context.snapshot.files, context.snapshot.now);
  const own = findings.filter(({ file }) => file === context.document.path);
  const diagnostics = own
    .map((each) => toDiagnostic(each, undefined, (path) => context.folder.uriOf(path)))
    .filter(isShown);
  const asking = {
    diagnostics,
    ...(only === undefined ? {} : { only }),
    ...(triggerKind === undefined ? {} : { triggerKind }),
  };
  const textDocument = { uri: context.document.uri };
  return { context, actions: codeActions(context, { textDocument, range, context: asking }, findings, client) };
}

function titles(actions: readonly CodeAction[]): string[] {
  return actions.map(({ title }) => title);
}

function edited({ document }: DocumentInSet, action: CodeAction | undefined): string {
  return TextDocument.applyEdits(document.text, action?.edit?.changes?.[document.uri] ?? []);
}

describe('quick fixes', () => {
  const faulty = SOUND.replace('mode: enforce', 'mode: enforced').replace('old', 'Old');

  it('belong to the diagnostics that are shown', () => {
    const { context, actions } = actionsAt(
      { 'a.policy.yaml': `¦${faulty}` },
      { only: ['quickfix'], isShown: ({ code }) => code === 'value-unknown' },
    );
    expect(actions).toMatchObject([
      { title: 'Replace with enforce', kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'value-unknown' }] },
    ]);
    expect(edited(context, actions[0])).toBe(SOUND.replace('old', 'Old'));
  });

  it('are each for its own of several diagnostics at one place', () => {
    const text =
      '¦name: old\nwhen: { all: [{ fact: helo, operator: equal, value: a }] }\nstages: [{ name: r, after: 0d }]\n';
    const { actions } = actionsAt({ 'a.policy.yaml': text }, { only: ['quickfix'] });
    expect(titles(actions)).toEqual(['Add mode: report', 'Add priority: 100']);
  });

  it('are all made at once where they are certain', () => {
    const { context, actions } = actionsAt({ 'a.policy.yaml': `¦${faulty}` }, { only: ['source.fixAll'] });
    expect(actions).toMatchObject([{ kind: FIX_ALL_KIND }]);
    expect(edited(context, actions[0])).toBe(SOUND);
  });

  it('leave out what touches an earlier one when made at once', () => {
    const stages = 'stages:\n  - { name: b, after: 30d }\n  - { name: a, after: 0d }\n';
    const text = SOUND.replace(/stages:.*\n/, stages);
    const { context, actions } = actionsAt({ 'a.policy.yaml': `¦${text}` }, { only: [FIX_ALL_KIND] });
    expect(edited(context, actions[0])).toBe(
      SOUND.replace(
        /stages:.*\n/,
        'stages:\n  - { name: report, after: 0d }\n  - { name: b, after: 30d }\n  - { name: a, after: 0d }\n',
      ),
    );
  });

  it('of a whole file are only offered where they are asked for', () => {
    expect(actionsAt({ 'a.policy.yaml': `¦${faulty}` }).actions.map(({ kind }) => kind)).not.toContain(FIX_ALL_KIND);
  });

  it('rename a file whose name says no kind', () => {
    const { context } = selected({ 'a.policy.yaml': `¦${SOUND}` });
    const { folder } = context;
    const range = Range.create(0, 0, 0, 0);
    const diagnostics = [{ code: 'file-kind-unknown', range, message: '' }];
    const params = { textDocument: { uri: folder.uriOf('b.polcy.yaml') }, range, context: { diagnostics } };
    expect(fileActions({ folder, path: 'b.polcy.yaml' }, params, ABLE)).toMatchObject([
      {
        title: 'Rename to b.policy.yaml',
        edit: {
          documentChanges: [
            { kind: 'rename', oldUri: folder.uriOf('b.polcy.yaml'), newUri: folder.uriOf('b.policy.yaml') },
          ],
        },
      },
    ]);
    expect(fileActions({ folder, path: 'a.polcy.yaml' }, params, ABLE)).toEqual([]);
    expect(fileActions({ folder, path: 'b.polcy.yaml' }, params, { ...ABLE, canChangeFiles: false })).toEqual([]);
  });
});

describe('refactorings', () => {
  const at = { 'a.policy.yaml': SOUND.replace('any:', 'a¦ny:') };
  const all = [
    'Extract to the shared condition old in shared.conditions.yaml',
    'Split into 2 policies, one for each case below any',
    'Convert to JSON',
  ];

  it('are offered where they change nothing', () => {
    expect(titles(actionsAt(at).actions)).toEqual(all);
    expect(titles(actionsAt(at, { only: [CodeActionKind.RefactorRewrite] }).actions)).toEqual(all.slice(1));
    expect(titles(actionsAt(at, { only: [CodeActionKind.QuickFix] }).actions)).toEqual([]);
  });

  it('are not offered where they change something', () => {
    const text = `${at['a.policy.yaml']}replies: { block: "550 5.7.1 {policy} says no." }\n`;
    expect(titles(actionsAt({ 'a.policy.yaml': text }).actions)).toEqual([all[0], all[2]]);
  });

  it('are not worked out with each move of the caret', () => {
    expect(actionsAt(at, { triggerKind: CodeActionTriggerKind.Automatic }).actions).toEqual([]);
    const marked = { 'a.policy.yaml': SOUND.replace('any:', '¦any¦:') };
    expect(titles(actionsAt(marked, { triggerKind: CodeActionTriggerKind.Automatic }).actions)).toEqual(all);
  });

  it('are not offered beside errors, as nothing is proved then', () => {
    expect(actionsAt({ ...at, 'b.policy.yaml': 'name: b\n' }).actions).toEqual([]);
  });

  it('that make files are not offered to a client that cannot make them', () => {
    const client = { canChangeFiles: false, resolvesEdits: true };
    expect(actionsAt(at, { client }).actions).toEqual([]);
    const conditions = {
      'x.conditions.yaml': 'conditions:\n  - { name: x, when: { any: [{ fact: helo, operator: equal, value: a }] } }\n',
    };
    expect(titles(actionsAt({ ...at, ...conditions }, { client }).actions)).toEqual([
      'Extract to the shared condition old in x.conditions.yaml',
    ]);
  });

  it('make, change and remove files in one edit', () => {
    const { context, actions } = actionsAt(at);
    const uri = (path: string) => context.folder.uriOf(path);
    expect(actions.map(({ edit }) => edit?.documentChanges)).toMatchObject([
      [
        { kind: 'create', uri: uri('shared.conditions.yaml') },
        { textDocument: { uri: uri('shared.conditions.yaml'), version: null } },
        { textDocument: { uri: uri('a.policy.yaml'), version: 1 } },
      ],
      [
        { kind: 'create', uri: uri('old-2.policy.yaml') },
        { textDocument: { uri: uri('old-2.policy.yaml') } },
        { textDocument: { uri: uri('a.policy.yaml') } },
      ],
      [
        { kind: 'create', uri: uri('a.policy.json') },
        { textDocument: { uri: uri('a.policy.json') } },
        { kind: 'delete', uri: uri('a.policy.yaml') },
      ],
    ]);
  });

  describe('of a large set', () => {
    const others = Object.fromEntries(
      Array.from({ length: 301 }, (_, index) => [
        `p${index}.policy.yaml`,
        SOUND.replace('old', `p${index}`)
          .replace('priority: 100', `priority: ${200 + index}`)
          .replaceAll('value: ', `value: p${index}`),
      ]),
    );

    it('are proved when they are chosen', () => {
      const { context, actions } = actionsAt({ ...others, ...at });
      expect(titles(actions)).toEqual(all);
      const [first] = actions;
      expect(first?.edit).toBeUndefined();
      const resolved = first === undefined ? undefined : resolveRefactoring(context, first, first.data);
      expect(resolved?.edit?.documentChanges).toHaveLength(3);
    });

    it('are not done where they change something', () => {
      const text = `${at['a.policy.yaml']}replies: { block: "550 5.7.1 {policy} says no." }\n`;
      const { context, actions } = actionsAt({ ...others, 'a.policy.yaml': text });
      const split = actions.find(({ title }) => title.startsWith('Split'));
      expect(split).toBeDefined();
      expect(() => resolveRefactoring(context, split as CodeAction, split?.data)).toThrow('could not be proved');
    });

    it('are not offered to a client that cannot wait', () => {
      expect(actionsAt({ ...others, ...at }, { client: { ...ABLE, resolvesEdits: false } }).actions).toEqual([]);
    });
  });
});
