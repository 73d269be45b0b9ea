import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const source = join(import.meta.dirname, '..');

/** Properties that people read or hear. */
const spoken =
  /^(label|title|description|placeholder|alt|header|hint|message|note|none|aria-(label|description|roledescription|valuetext)|.*Label|.*Text|.*Title)$/;

/** Of columns and choices the same. */
const shown = /^(label|title|header|description|placeholder)$/;

/** Names that are the same in every language. */
const names = ['Perch', 'QoS', 'curl'];
/** A topic, an address or a key as an example, in one piece. */
const isExample = (text: string) => /^\S*[^\p{L}\s]\S*$/u.test(text.trim());

/** Letters one after another: units, signs and single keys are no words. */
function isWord(text: string): boolean {
  const left = names.reduce((rest, name) => rest.replaceAll(name, ''), text);
  return /\p{L}{3}/u.test(left) && !isExample(text);
}

/** The words that stand in a component itself, as `line: words`. */
function wordsIn(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const words of shownBy(node).filter(isWord)) {
      found.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${words.trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
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

test('what people read is in the catalogues of texts, not in the components', async () => {
  const files = await readdir(source, { recursive: true });
  const components = files.filter((name) => /\.tsx$/.test(name) && !/\.spec\.tsx$|testing\//.test(name));
  expect(components.length).toBeGreaterThan(100);
  const found = await Promise.all(
    components.map(async (name) => wordsIn(name, await readFile(join(source, name), 'utf8'))),
  );
  expect(found.flat()).toEqual([]);
});

test('words are found between tags, in attributes, in choices and in templates; catalogues, units and names are not', () => {
  const example = `
    const a = <p>Lost words</p>;
    const b = <Input label="Name it" size="large" className={classes.title} placeholder={isOpen ? 'Opened' : texts.shut} />;
    const c = <b>{count > 0 && \`\${count} clients\`}</b>;
    const d = { header: 'Service', key: 'service', cell: () => <i>{texts.cell}</i> };
    const e = <i title={texts.title}>{kind === 'secret' ? texts.secret : texts.open} {value} ms, QoS 1</i>;
    const f = <Input placeholder="plant/+/state" hidden={'digits' in hook && kind === 'form'} />;`;
  expect(wordsIn('a.tsx', example)).toEqual([
    'a.tsx:2: Lost words',
    'a.tsx:3: Name it',
    'a.tsx:3: Opened',
    'a.tsx:4: clients',
    'a.tsx:5: Service',
  ]);
});
