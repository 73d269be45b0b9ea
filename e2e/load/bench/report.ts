import { figureTitles, formatFigure, type FigureName } from './figures.js';
import { faults, isBoundByGenerator, isDisturbed, roundsOf, type Results, type Run } from './results.js';
import type { Scenario } from './scenarios.js';
import { median, ratios, spread } from './statistics.js';

/** A table as rows of text, the first being its head. */
export type Table = readonly (readonly string[])[];

/** CPU time per delivery; the first broker is held against each of the others. */
export function cpuTable(results: Results, scenarios: readonly Scenario[]): Table {
  const rows = scenarios.map((scenario) => [label(scenario), ...cells(results, scenario, 'cpuUs')]);
  return [['CPU µs per delivery', ...columns(results)], ...rows.filter(hasValues)];
}

/** Rates, latencies and memory. */
export function otherTable(results: Results, scenarios: readonly Scenario[]): Table {
  const rows = scenarios.flatMap((scenario) =>
    scenario.figures.map((figure) => [
      `${scenario.name}: ${figureTitles[figure]}`,
      ...cells(results, scenario, figure),
    ]),
  );
  return [['other figures', ...columns(results)], ...rows.filter(hasValues)];
}

/** What went wrong, what was lost where that is allowed, and what makes the figures doubtful. */
export function remarks(results: Results): string[] {
  const { runs, absent } = results;
  const disturbed = runs.filter(({ outcome }) => isDisturbed(outcome)).length;
  return [
    ...absent.map(({ name, reason }) => `${name} was left out: ${reason}.`),
    ...runs.flatMap(remarksOnRun),
    ...(disturbed > 0
      ? [
          `In ${disturbed} of ${runs.length} runs something else was using the cores: rates and latencies are too low there.`,
        ]
      : []),
  ];
}

function remarksOnRun({ scenario, broker, round, outcome }: Run): string[] {
  const { lost } = outcome.counts;
  const allowed = outcome.mayLose && lost > 0 ? [`${lost} lost, as QoS 0 allows`] : [];
  return [...faults(outcome), ...allowed].map((remark) => `${scenario}, ${broker}, round ${round + 1}: ${remark}.`);
}

/** For a terminal: columns under one another. */
export function asText(table: Table): string {
  const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('   ');
  return table.map(line).join('\n');
}

/** For a document. */
export function asMarkdown(table: Table): string {
  const [head = [], ...rows] = table;
  const align = head.map((_, column) => (column === 0 ? '---' : '---:'));
  return [head, align, ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

function label({ name, what }: Scenario): string {
  return `${name}: ${what}`;
}

function columns({ brokers }: Results): string[] {
  const [first, ...others] = brokers.map(({ name }) => name);
  return [first ?? '', ...others, ...others.map((name) => `÷ ${name}`)];
}

function cells(results: Results, scenario: Scenario, figure: FigureName): string[] {
  const [first, ...others] = results.brokers.map(({ name }) => name);
  const rounds = (broker = '') => roundsOf(results, scenario.name, broker)(figure);
  const isRate = figure.endsWith('PerS');
  const value = (broker = '') => {
    const isLimited = isRate && isBoundByGenerator(results, scenario.name, broker);
    return `${isLimited ? '> ' : ''}${formatFigure(figure, median(rounds(broker)))}`;
  };
  const ratio = (broker: string) => formatRatios(ratios(rounds(first), rounds(broker)));
  return [...[first, ...others].map(value), ...others.map(ratio)];
}

function formatRatios(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const { min, max } = spread(values);
  const middle = median(values).toFixed(2);
  return values.length === 1 ? middle : `${middle} (${min.toFixed(2)}–${max.toFixed(2)})`;
}

function hasValues(row: readonly string[]): boolean {
  return row.slice(1).some((cell) => cell !== '–');
}
