import { sizeOf, type StoredSession, type StoredWill } from '@perch/broker';
import { bigintArray, booleanArray, byteaArray, intArray, smallintArray, textArray } from './pg-array.js';
import { propertiesToJson } from './retained-row.js';
import type { Appended, BatchMessage, SeqRange, SessionChanges } from './session-changes.js';
import * as sql from './session-sql.js';

/** A statement that the connection prepares once, under its name. */
export interface Statement {
  readonly name: string;
  readonly text: string;
  /** Made when it is run: other work has its turn between the statements of a large batch. */
  readonly values: () => unknown[];
  /** Whether it has to be run again, after it said how many rows it `settled`. */
  readonly isUnfinished?: (settled: number) => boolean;
}

/** What is to be written: the sessions that go, and what changed of others. */
export interface SessionWrite {
  readonly removed: Iterable<number>;
  readonly changes: Iterable<SessionChanges>;
}

/** The statements that write it, in their order; none when there is nothing to be written. */
export function toStatements({ removed, changes }: SessionWrite): Statement[] {
  const all = [...changes];
  const gone = [...removed];
  const statements = [
    settleRanges(gone.map((id) => ({ id, value: EVERYTHING }))),
    removeSessions(gone),
    keepSessions(all.flatMap(({ session }) => session ?? [])),
    changeSubscriptions(all),
    changePacketIds(all),
    settleRanges(all.flatMap(({ id, settledRanges }) => (settledRanges ?? []).map((value) => ({ id, value })))),
    ...settleAndAppend(all),
    markReceived(all),
  ];
  return statements.filter((statement) => statement !== null);
}

/** So many deliveries are appended by one statement: a message may be owed to a million sessions. */
const APPEND_ROWS = 20_000;

const EVERYTHING: SeqRange = { after: 0, through: Number.MAX_SAFE_INTEGER };

/** A row of several statements: a session and something of it. */
interface Owned<T> {
  readonly id: number;
  readonly value: T;
}

function removeSessions(ids: readonly number[]): Statement | null {
  if (ids.length === 0) return null;
  return { name: 'remove-sessions', text: sql.REMOVE_SESSIONS, values: () => [bigintArray(ids)] };
}

function keepSessions(sessions: readonly StoredSession[]): Statement | null {
  if (sessions.length === 0) return null;
  const values = () => [
    bigintArray(sessions.map(({ id }) => id)),
    textArray(sessions.map(({ clientId }) => clientId)),
    textArray(sessions.map(({ username }) => username)),
    textArray(sessions.map(({ address }) => address)),
    textArray(sessions.map(({ protocol }) => protocol)),
    bigintArray(sessions.map(({ createdAt }) => createdAt)),
    bigintArray(sessions.map(({ sessionExpiryInterval }) => sessionExpiryInterval)),
    bigintArray(sessions.map(({ disconnectedAt }) => disconnectedAt)),
    bigintArray(sessions.map(({ sentSeq }) => sentSeq)),
    textArray(sessions.map(({ will }) => will && willToJson(will))),
    textArray(sessions.map(({ labels }) => labelsToText(labels))),
    textArray(sessions.map(({ own }) => own && JSON.stringify(own))),
    textArray(sessions.map(({ authenticator }) => authenticator)),
  ];
  return { name: 'keep-sessions', text: sql.KEEP_SESSIONS, values };
}

function willToJson({ message, delayInterval }: StoredWill): string {
  const payload = message.payload.toString('base64');
  return JSON.stringify({ ...message, payload, properties: propertiesToJson(message.properties), delayInterval });
}

/** As Postgres writes an array. It keeps no text with U+0000, which no rule can name either. */
function labelsToText(labels: readonly string[]): string {
  const quoted = labels.filter((label) => !label.includes('\0')).map((label) => `"${label.replace(/["\\]/g, '\\$&')}"`);
  return `{${quoted.join(',')}}`;
}

function changeSubscriptions(all: readonly SessionChanges[]): Statement | null {
  const changed = all.flatMap(({ id, subscriptions }) =>
    [...(subscriptions ?? [])].map(([filter, subscription]) => ({ id, filter, subscription })),
  );
  if (changed.length === 0) return null;
  const gone = changed.filter(({ subscription }) => subscription === null);
  const kept = changed.flatMap(({ id, subscription }) => (subscription ? { id, value: subscription } : []));
  const values = () => [
    idsOf(gone),
    textArray(gone.map(({ filter }) => filter)),
    idsOf(kept),
    textArray(kept.map(({ value }) => value.filter)),
    smallintArray(kept.map(({ value }) => value.qos)),
    booleanArray(kept.map(({ value }) => value.noLocal)),
    booleanArray(kept.map(({ value }) => value.retainAsPublished)),
    textArray(kept.map(({ value }) => identifiersToText(value.identifiers))),
  ];
  return { name: 'change-subscriptions', text: sql.CHANGE_SUBSCRIPTIONS, values };
}

function changePacketIds(all: readonly SessionChanges[]): Statement | null {
  const gone: Owned<number>[] = [];
  const kept: Owned<number>[] = [];
  for (const { id, packetIds } of all)
    for (const [value, isKept] of packetIds ?? []) (isKept ? kept : gone).push({ id, value });
  if (gone.length + kept.length === 0) return null;
  const values = () => [idsOf(gone), intArray(gone.map(valueOf)), idsOf(kept), intArray(kept.map(valueOf))];
  return { name: 'change-packet-ids', text: sql.CHANGE_PACKET_IDS, values };
}

function settleRanges(ranges: readonly Owned<SeqRange>[]): Statement | null {
  if (ranges.length === 0) return null;
  return {
    name: 'settle-ranges',
    text: sql.SETTLE_RANGES,
    values: () => [
      idsOf(ranges),
      bigintArray(ranges.map(({ value }) => value.after)),
      bigintArray(ranges.map(({ value }) => value.through)),
    ],
    isUnfinished: (settled) => settled === sql.SETTLE_ROWS,
  };
}

function markReceived(all: readonly SessionChanges[]): Statement | null {
  const received = all.flatMap(({ id, received }) => [...(received ?? [])].map((value) => ({ id, value })));
  if (received.length === 0) return null;
  return {
    name: 'mark-received',
    text: sql.MARK_RECEIVED,
    values: () => [idsOf(received), bigintArray(received.map(valueOf))],
  };
}

function settleAndAppend(all: readonly SessionChanges[]): Statement[] {
  const settled: Owned<number>[] = [];
  const appended: Owned<Appended>[] = [];
  for (const changes of all) {
    for (const value of changes.settled ?? []) settled.push({ id: changes.id, value });
    for (const value of changes.appended?.values() ?? []) appended.push({ id: changes.id, value });
  }
  const statements: Statement[] = [];
  for (let from = 0; from < Math.max(settled.length, appended.length); from += APPEND_ROWS) {
    const through = from + APPEND_ROWS;
    statements.push(partOf(settled.slice(from, through), appended.slice(from, through)));
  }
  return statements;
}

function partOf(settled: readonly Owned<number>[], appended: readonly Owned<Appended>[]): Statement {
  return {
    name: 'settle-and-append',
    text: sql.SETTLE_AND_APPEND,
    values: () => [
      idsOf(settled),
      bigintArray(settled.map(valueOf)),
      ...messageColumns([...new Set(appended.map(({ value }) => value.copy))]),
      ...deliveryColumns(appended),
    ],
  };
}

function messageColumns(copies: readonly BatchMessage[]): Buffer[] {
  return [
    bigintArray(copies.map(({ id }) => id)),
    textArray(copies.map(({ message }) => message.topic)),
    byteaArray(copies.map(({ message }) => message.payload)),
    smallintArray(copies.map(({ message }) => message.qos)),
    booleanArray(copies.map(({ message }) => message.retain)),
    textArray(copies.map(({ message }) => propertiesToJson(message.properties))),
    textArray(copies.map(({ message }) => message.publisher)),
    bigintArray(copies.map(({ message }) => message.receivedAt)),
    bigintArray(copies.map(({ message }) => message.expiresAt)),
  ];
}

function deliveryColumns(appended: readonly Owned<Appended>[]): Buffer[] {
  return [
    idsOf(appended),
    bigintArray(appended.map(({ value }) => value.delivery.seq)),
    bigintArray(appended.map(({ value }) => value.copy.id)),
    intArray(appended.map(({ value }) => sizeOf(value.delivery.message))),
    smallintArray(appended.map(({ value }) => value.delivery.qos)),
    booleanArray(appended.map(({ value }) => value.delivery.retain)),
    booleanArray(appended.map(({ value }) => value.isReceived)),
    textArray(appended.map(({ value }) => identifiersToText(value.delivery.identifiers))),
    textArray(appended.map(({ value }) => value.delivery.share)),
  ];
}

function idsOf(rows: readonly { readonly id: number }[]): Buffer {
  return bigintArray(rows.map(({ id }) => id));
}

function valueOf<T>({ value }: Owned<T>): T {
  return value;
}

/** As Postgres writes an array. */
function identifiersToText(identifiers: readonly number[] | null): string | null {
  return identifiers && `{${identifiers.join(',')}}`;
}
