import { filterMatches, splitSharedFilter } from '@perch/policy';
import { type ConnectionForm, newConnectionForm } from './connection-form.js';
import {
  type LinkEvents,
  LinkRefusal,
  type LinkTarget,
  type PacketNote,
  type Publication,
  type ReceivedMessage,
  type SubscribeWish,
  type TestLink,
} from './link.js';
import type { LoggedMessage } from './message.js';
import { openLink } from './open-link.js';
import { RingLog } from './ring-log.js';
import { testClientTexts } from './texts.js';

/** Every connection is remembered by so much at most. */
const MESSAGES = { entries: 2_000, bytes: 32 * 1024 * 1024 };
const PACKETS = { entries: 1_000, bytes: 2 * 1024 * 1024 };
export const MOST_SUBSCRIPTIONS = 50;

/** A filter of the list, whether it is granted or not. */
export interface TestSubscription extends SubscribeWish {
  readonly colour: number;
  readonly status: 'waiting' | 'granted' | 'refused';
  readonly granted: number | null;
  /** Why it was refused. */
  readonly reason: string | null;
  readonly isByPolicy: boolean;
}

/** What one tab shows. Replaced, never changed. */
export interface ConnectionState {
  readonly status: 'idle' | 'connecting' | 'open' | 'ended';
  readonly form: ConnectionForm;
  /** As whom it is connected, or was last. */
  readonly clientId: string | null;
  readonly username: string | null;
  readonly protocol: LinkTarget['protocol'] | null;
  /** Why it ended, or could not begin. */
  readonly reason: string | null;
  /** It never came in: somebody said no. */
  readonly wasRefused: boolean;
  readonly subscriptions: readonly TestSubscription[];
}

/** A packet in the log. */
export interface LoggedPacket extends PacketNote {
  readonly seq: number;
  readonly atMs: number;
}

/** One connection of the test client, with what it subscribed to and what went over it; outlives its page. */
export class TestConnection {
  readonly messages = new RingLog<LoggedMessage>(MESSAGES, ({ payload, topic }) => payload.length + topic.length);
  readonly packets = new RingLog<LoggedPacket>(PACKETS, ({ text }) => text.length);
  private current: ConnectionState;
  private link: TestLink | null = null;
  /** A link that was given up may still speak; only that of the newest attempt is heard. */
  private attempt = 0;
  private seq = 0;
  /** Publications that the broker has not answered yet: each says so in the log when the connection ends. */
  private readonly unanswered = new Set<() => void>();
  private readonly watchers = new Set<() => void>();

  constructor(
    readonly id: number,
    form: Partial<ConnectionForm> = {},
  ) {
    this.current = {
      status: 'idle',
      form: { ...newConnectionForm(), ...form },
      clientId: null,
      username: null,
      protocol: null,
      reason: null,
      wasRefused: false,
      subscriptions: [],
    };
  }

  readonly state = (): ConnectionState => this.current;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** Publications that the broker has not answered yet. */
  get waiting(): number {
    return this.unanswered.size;
  }

  fillIn(patch: Partial<ConnectionForm>): void {
    this.change({ form: { ...this.current.form, ...patch } });
  }

  async connect(target: LinkTarget): Promise<void> {
    this.link?.close();
    const attempt = ++this.attempt;
    const { clientId, protocol, login } = target;
    this.unanswered.clear();
    this.change({
      status: 'connecting',
      clientId,
      protocol,
      username: login?.username ?? null,
      reason: null,
      wasRefused: false,
    });
    try {
      const link = await openLink(target, this.eventsOf(attempt));
      if (attempt === this.attempt) this.link = link;
      else link.close();
    } catch (error) {
      if (attempt === this.attempt) this.ended((error as Error).message);
    }
  }

  disconnect(): void {
    this.attempt++;
    this.link?.close();
    this.link = null;
    this.ended(testClientTexts.link.closed);
  }

  async subscribe(wish: SubscribeWish): Promise<void> {
    const others = this.current.subscriptions.filter(({ filter }) => filter !== wish.filter);
    const colour = freeColour(others);
    const asked = { ...wish, colour, status: 'waiting', granted: null, reason: null, isByPolicy: false } as const;
    this.change({ subscriptions: [...others, asked] });
    if (this.current.status === 'open') await this.ask(asked);
  }

  async unsubscribe(filter: string): Promise<void> {
    this.change({ subscriptions: this.current.subscriptions.filter((each) => each.filter !== filter) });
    if (this.current.status === 'open') await this.link?.unsubscribe(filter).catch(ignoreLoss);
  }

  /** Publishes and writes down what the broker said. */
  async publish(publication: Publication): Promise<void> {
    const { link } = this;
    if (!link || this.current.status !== 'open') return;
    let shown: LoggedMessage = { ...publication, ...this.stamp(), direction: 'out' };
    this.messages.push(shown);
    const tell = (outcome: Pick<LoggedMessage, 'answer' | 'isRefused' | 'isByPolicy' | 'isLost'>) => {
      const before = shown;
      shown = { ...before, isLost: false, ...outcome };
      this.messages.replace(before, shown);
    };
    const lose = () => tell({ isLost: true });
    this.unanswered.add(lose);
    try {
      tell({ answer: await link.publish(publication) });
    } catch (error) {
      const isByPolicy = error instanceof LinkRefusal && error.isByPolicy;
      tell({ answer: (error as Error).message, isRefused: true, isByPolicy });
    } finally {
      this.unanswered.delete(lose);
    }
  }

  private eventsOf(attempt: number): LinkEvents {
    const current =
      <Arguments extends unknown[]>(hear: (...values: Arguments) => void) =>
      (...values: Arguments) => {
        if (attempt === this.attempt) hear(...values);
      };
    return {
      opened: current((clientId: string) => this.opened(clientId)),
      ended: current((reason: string) => this.ended(reason)),
      message: current((message: ReceivedMessage) => this.received(message)),
      packet: current((note: PacketNote) => this.packets.push({ ...note, ...this.stamp() })),
      revoked: current((filter: string, reason: string) => this.note(filter, { status: 'refused', reason })),
    };
  }

  private opened(clientId: string): void {
    this.change({ status: 'open', clientId, reason: null, wasRefused: false });
    // What stands in the list is meant: also after a reconnect.
    for (const subscription of this.current.subscriptions) {
      if (this.link?.asksAgain(subscription.filter)) this.note(subscription.filter, { status: 'granted' });
      else this.ask(subscription).catch(ignoreLoss);
    }
  }

  private ended(reason: string): void {
    if (this.current.status === 'ended') return;
    const subscriptions = this.current.subscriptions.map((each): TestSubscription => ({
      ...each,
      status: 'waiting',
      reason: null,
    }));
    const wasRefused = this.current.status === 'connecting' && reason !== testClientTexts.link.closed;
    this.change({ status: 'ended', reason, wasRefused, subscriptions });
    for (const lose of this.unanswered) lose();
  }

  private received(message: ReceivedMessage): void {
    const filter = this.current.subscriptions.find(({ filter: each }) => takes(each, message.topic))?.filter;
    this.messages.push({ ...message, ...this.stamp(), direction: 'in', ...(filter !== undefined && { filter }) });
  }

  private async ask(wish: SubscribeWish): Promise<void> {
    try {
      const granted = await this.link?.subscribe(wish);
      this.note(wish.filter, { status: 'granted', granted: granted ?? null, reason: null });
    } catch (error) {
      const isByPolicy = error instanceof LinkRefusal && error.isByPolicy;
      this.note(wish.filter, { status: 'refused', reason: (error as Error).message, isByPolicy });
    }
  }

  private note(filter: string, patch: Partial<TestSubscription>): void {
    const subscriptions = this.current.subscriptions.map((each) =>
      each.filter === filter ? { ...each, ...patch } : each,
    );
    this.change({ subscriptions });
  }

  private stamp() {
    return { seq: ++this.seq, atMs: Date.now() };
  }

  private change(patch: Partial<ConnectionState>): void {
    this.current = { ...this.current, ...patch };
    for (const watcher of this.watchers) watcher();
  }
}

function takes(filter: string, topic: string): boolean {
  return filterMatches(splitSharedFilter(filter)?.filter ?? filter, topic);
}

/** The first colour that nobody has; they repeat when all are taken. */
function freeColour(subscriptions: readonly TestSubscription[]): number {
  const taken = new Set(subscriptions.map(({ colour }) => colour));
  let colour = 0;
  while (taken.has(colour)) colour += 1;
  return colour;
}

/** The end of the connection is told where it is shown. */
function ignoreLoss(): void {}
