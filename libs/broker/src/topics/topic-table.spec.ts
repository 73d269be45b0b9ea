import { expect, test } from 'vitest';
import { TopicTable, type OfTopic } from './topic-table.js';

function find(table: TopicTable<OfTopic>, topic: string): string | null {
  const chunk = Buffer.from(`before${topic}after`, 'latin1');
  return table.find(chunk, 6, 6 + topic.length)?.topic ?? null;
}

test('a topic is found by its bytes, wherever they stand, and no other is taken for it', () => {
  const table = new TopicTable<OfTopic>(1000);
  for (const topic of ['a', 'plant/1', 'plant/2', '']) table.add({ topic });
  for (const topic of ['a', 'plant/1', 'plant/2', '']) expect(find(table, topic)).toBe(topic);
  for (const topic of ['b', 'plant/', 'plant/12', 'plant/1\0', 'á']) expect(find(table, topic)).toBeNull();
});

test('as many topics as it is made for are nearly all remembered', () => {
  const table = new TopicTable<OfTopic>(100_000);
  for (let i = 0; i < 50_000; i++) table.add({ topic: `plant/${i}/temperature` });
  let found = 0;
  for (let i = 0; i < 50_000; i++) if (find(table, `plant/${i}/temperature`) !== null) found++;
  expect(found).toBeGreaterThan(49_000);
  expect(table.size).toBe(found);
});

test('beyond its bound it grows no more, and the latest is always found', () => {
  const table = new TopicTable<OfTopic>(2048);
  for (let i = 0; i < 20_000; i++) {
    const topic = `request/${i}`;
    table.add({ topic });
    expect(find(table, topic)).toBe(topic);
  }
  expect(table.size).toBeLessThanOrEqual(2048 + 8);
  expect(table.size).toBeGreaterThan(1500);
});

test('topics that belong to the same place give way to one another, and looking does not take longer', () => {
  const table = new TopicTable<OfTopic>(1024);
  const crowd = sameHash();
  for (const topic of crowd) table.add({ topic });
  const found = crowd.filter((topic) => find(table, topic) !== null);
  expect(found.length).toBeLessThanOrEqual(8);
  expect(found).toContain(crowd.at(-1));
});

/** Topics with the same place in a table of 1,024, by trying. */
function sameHash(): string[] {
  const byPlace = new Map<number, string[]>();
  for (let i = 0; ; i++) {
    const topic = `t/${i}`;
    let hash = 0x811c9dc5;
    for (const byte of Buffer.from(topic)) hash = Math.imul(hash ^ byte, 0x01000193);
    const place = (hash ^ (hash >>> 15)) & 1023;
    const crowd = byPlace.get(place) ?? [];
    byPlace.set(place, crowd);
    if (crowd.push(topic) === 20) return crowd;
  }
}
