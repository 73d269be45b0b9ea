import { expect, test } from 'vitest';
import {
  type ColumnLayout,
  columnKeys,
  defaultLayout,
  gridTemplate,
  layoutOf,
  moved,
  resized,
  shownColumns,
  toggled,
} from './column-layout.js';

test('where there is no room, what weighs least goes first; the client and its state always stay', () => {
  expect(shownColumns(defaultLayout, 2000)).toEqual(columnKeys.filter((key) => key !== 'node'));
  expect(shownColumns(defaultLayout, 900)).not.toContain('connectedFor');
  expect(shownColumns(defaultLayout, 100)).toEqual(['online', 'clientId']);
});

test('columns are moved, hidden, and as wide as is wanted, within bounds', () => {
  const layout = resized(toggled(moved(defaultLayout, 'since', -1), 'protocol'), 'since', 5_000);
  expect(shownColumns(layout, 5_000)).toEqual([
    'online',
    'clientId',
    'username',
    'since',
    'address',
    'subscriptions',
    'inFlight',
    'rate',
    'reason',
    'connectedFor',
  ]);
  expect(layout.widths).toEqual({ since: 640 });
  expect(toggled(layout, 'clientId')).toBe(layout);
  expect(moved(layout, 'online', -1).order).toEqual(layout.order);
  expect(gridTemplate(['online', 'clientId', 'since'], layout)).toBe('20px 84px minmax(0, 2.2fr) 640px 24px');
});

test('columns that all have a width of their own leave the rest empty', () => {
  const layout = resized(defaultLayout, 'clientId', 200);
  expect(gridTemplate(['online', 'clientId'], layout)).toBe('20px 84px 200px minmax(24px, 1fr)');
});

test('what was kept counts as far as it is a layout, and a column that is new is there', () => {
  const kept = {
    order: ['since', 'since', 'gone', 'clientId'],
    hidden: ['clientId', 'reason'],
    widths: { since: 90, node: 9 },
  };
  const layout: ColumnLayout = layoutOf(JSON.parse(JSON.stringify(kept)));
  expect(layout.order.slice(0, 3)).toEqual(['since', 'clientId', 'online']);
  expect(layout.order.toSorted()).toEqual(columnKeys.toSorted());
  expect(layout.hidden).toEqual(['reason', 'node']);
  expect(layout.widths).toEqual({ since: 90 });
  for (const none of [null, 7, 'x', []]) expect(layoutOf(none).order).toEqual(columnKeys);
});
