import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { axes, type GrowthResults } from './growth.js';
import { plotSvg } from './plot.js';
import { asMarkdown, cpuTable, otherTable, remarks, type Table } from './report.js';
import { describeMachine, describeMethod, type Results } from './results.js';
import type { Scenario } from './scenarios.js';

const DOCUMENT = 'docs/performance.md';
const PLOTS = 'docs/performance';

/** Writes the tables into their place in the document. */
export function writeTables(root: string, results: Results, scenarios: readonly Scenario[]): void {
  const parts = [
    `${describeMethod(results)} ${describeMachine(results)}`,
    asMarkdown(cpuTable(results, scenarios)),
    asMarkdown(otherTable(results, scenarios)),
    remarks(results)
      .map((remark) => `- ${remark}`)
      .join('\n'),
  ];
  writeBlock(root, 'tables', parts.filter((part) => part !== '').join('\n\n'));
}

/** Writes what access rules cost into its place in the document. */
export function writePolicyTables(
  root: string,
  costs: Table,
  { results, scenarios }: { results: Results; scenarios: readonly Scenario[] },
): void {
  const method = `${describeMethod(results)} ${describeMachine(results)}`;
  writeBlock(root, 'policy', [method, asMarkdown(costs), asMarkdown(cpuTable(results, scenarios))].join('\n\n'));
}

/** Writes a plot per axis and shows them in the document. */
export function writePlots(root: string, results: GrowthResults): void {
  const { points, startedAt, rounds } = results;
  mkdirSync(join(root, PLOTS), { recursive: true });
  const measured = axes.filter(({ name }) => points.some((point) => point.axis === name));
  const images = measured.map(({ name, title, label }) => {
    const own = points.filter((point) => point.axis === name);
    const brokers = Object.keys(own[0]?.cpuUs ?? {});
    const series = brokers.map((broker) => ({
      name: broker,
      points: own.map(({ step, cpuUs }) => ({ x: step, y: cpuUs[broker] ?? NaN })).filter(({ y }) => y > 0),
    }));
    const svg = plotSvg({ title, xLabel: label, yLabel: 'broker CPU µs per delivery', series });
    writeFileSync(join(root, PLOTS, `${name}.svg`), svg);
    return `![${title}](performance/${name}.svg)`;
  });
  const method = `Measured on ${startedAt.slice(0, 10)}, medians of ${rounds} rounds. ${describeMachine(results)}`;
  writeBlock(root, 'plots', [method, ...images].join('\n\n'));
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export function replaceBlock(document: string, name: string, body: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The document has no place for ${name}.`);
  return `${document.slice(0, from + begin.length)}\n\n${body}\n\n${document.slice(to)}`;
}

function writeBlock(root: string, name: string, body: string): void {
  const file = join(root, DOCUMENT);
  writeFileSync(file, replaceBlock(readFileSync(file, 'utf8'), name, body));
  const { resolve } = createRequire(join(root, 'package.json'));
  const prettier = join(dirname(resolve('prettier/package.json')), 'bin/prettier.cjs');
  spawnSync(process.execPath, [prettier, '--write', file], { cwd: root, stdio: 'ignore' });
}
