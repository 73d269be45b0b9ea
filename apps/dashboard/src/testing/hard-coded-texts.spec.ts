import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { isCatalogue, isExample } from './human-words.js';

const source = join(import.meta.dirname, '..');

/** Properties that people read or hear. */
const spoken =
  /^(label|title|description|placeholder|alt|header|hint|message|note|none|aria-(label|description|roledescription|valuetext)|.*Label|.*Text|.*Title)$/;

/** Of columns and choices the same. */
const shown = /^(label|title|header|description|placeholder)$/;

/** Names that are the same in every language. */
const names = ['Perch', 'QoS', 'curl', 'Ctrl', 'Esc'];

/** Letters one after another: units, signs and single keys are no words. */
function isWord(text: string): boolean {
  const left = names.reduce((rest, name) => rest.replaceAll(name, ''), text);
  return /\p{L}{3}/u.test(left) && !isExample(text);
}

/** Languages of machines: CSS, acl.conf, a shell. */
const isCode = (text: string) =>
  /\binput[,:]|, input\b|sans-serif|monospace|px solid|allow username|sub toDevice|^curl /.test(text);

/** What people copy into files of their own. */
const programs = 'shared/connect/snippets.ts';

/** A sentence, or a piece of one: two words in a row, wherever they stand. */
const isSentence = (text: string) => /\p{L}{2,}[,:]? \p{L}{2,}/u.test(text) && !isCode(text);

/** The words that stand in the code itself, as `line: words`. */
function wordsIn(name: string, text: string): string[] {
  const kind = name.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, kind);
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (isForProgrammers(node)) return;
    for (const words of [...shownBy(node).filter(isWord), ...piecesOf(node).filter(isSentence)]) {
      found.add(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words.trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return [...found];
}

/** Types, and what is thrown where the program itself is wrong. */
function isForProgrammers(node: ts.Node): boolean {
  return ts.isTypeNode(node) || (ts.isNewExpression(node) && node.expression.getText() === 'Error');
}

/** The text of a literal itself. */
function piecesOf(node: ts.Node): string[] {
  const isPiece = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
  return isPiece ? [node.text] : [];
}

/** The literals that this node puts before people. */
function shownBy(node: ts.Node): string[] {
  if (ts.isJsxText(node)) return [node.text];
  if (ts.isJsxExpression(node)) return ts.isJsxAttribute(node.parent) ? [] : literalsOf(node.expression);
  if (ts.isJsxAttribute(node)) {
    const value =
      node.initializer && ts.isJsxExpression(node.initializer) ? node.initializer.expression : node.initializer;
    return spoken.test(node.name.getText()) ? literalsOf(value) : [];
  }
  if (ts.isPropertyAssignment(node)) return shown.test(node.name.getText()) ? literalsOf(node.initializer) : [];
  return [];
}

/** The texts an expression can come to, as far as they are written in it. */
function literalsOf(node: ts.Expression | undefined): string[] {
  if (node === undefined) return [];
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [
      node.head.text,
      ...node.templateSpans.flatMap(({ literal, expression }) => [literal.text, ...literalsOf(expression)]),
    ];
  }
  if (ts.isConditionalExpression(node)) return [...literalsOf(node.whenTrue), ...literalsOf(node.whenFalse)];
  if (ts.isParenthesizedExpression(node)) return literalsOf(node.expression);
  if (!ts.isBinaryExpression(node)) return [];
  const operator = node.operatorToken.getText();
  if (operator === '&&') return literalsOf(node.right);
  return ['||', '??', '+'].includes(operator) ? [...literalsOf(node.left), ...literalsOf(node.right)] : [];
}

test('what people read is in the catalogues of texts, not in the code', async () => {
  const files = await readdir(source, { recursive: true });
  const code = files.filter(
    (name) =>
      /\.tsx?$/.test(name) && !isCatalogue(name) && name !== programs && !/\.spec\.|testing\/|generated\//.test(name),
  );
  expect(code.length).toBeGreaterThan(400);
  const found = await Promise.all(code.map(async (name) => wordsIn(name, await readFile(join(source, name), 'utf8'))));
  expect(found.flat()).toEqual([]);
});

test('words are found between tags, in attributes, in choices, in templates and as sentences; catalogues, units and names are not', () => {
  const example = `
    const a = <p>Lost words</p>;
    const b = <Input label="Name it" size="large" className={classes.title} placeholder={isOpen ? 'Opened' : texts.shut} />;
    const c = <b>{count > 0 && \`\${count} clients\`}</b>;
    const d = { header: 'Service', key: 'service', cell: () => <i>{texts.cell}</i> };
    const e = <i title={texts.title}>{kind === 'secret' ? texts.secret : texts.open} {value} ms, QoS 1</i>;
    const f = <Input placeholder="plant/+/state" hidden={'digits' in hook && kind === 'form'} />;
    const g = <button aria-label="Ban…">{texts.ban}</button>;`;
  expect(wordsIn('a.tsx', example)).toEqual([
    'a.tsx:2: Lost words',
    'a.tsx:3: Name it',
    'a.tsx:3: Opened',
    'a.tsx:4: clients',
    'a.tsx:5: Service',
    'a.tsx:8: Ban…',
  ]);
  const logic = `
    notifyDone('It was done');
    const a: 'not a text' = unknown;
    if (kind === 'secret') throw new Error('This cannot be');
    return { problem: \`No more than \${most}\`, path: \`/clients/\${id}\` };`;
  expect(wordsIn('a.ts', logic)).toEqual(['a.ts:2: It was done', 'a.ts:5: No more than']);
});
