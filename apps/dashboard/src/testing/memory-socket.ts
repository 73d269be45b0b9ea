/** The broker's end of a live feed: grants every filter but those of `refused`, and says what the test tells it to. */
export class MemorySocket extends EventTarget {
  static opened: MemorySocket[] = [];
  /** Filters that no connection is granted. */
  static readonly refused = new Set<string>();
  /** It takes what is published, and says nothing. */
  static isSilent = false;
  readonly filters: string[] = [];
  readonly bufferedAmount = 0;
  private isClosed = false;

  constructor() {
    super();
    MemorySocket.opened.push(this);
    queueMicrotask(() =>
      this.say({ type: 'welcome', clientId: '$operator/ana', maxFrameBytes: 1_000_000, keepAliveMs: 60_000 }),
    );
  }

  send(text: string): void {
    const frame = JSON.parse(text) as { type: string; id: number; filters?: (string | { filter: string })[] };
    if (frame.type === 'ping') return this.say({ type: 'pong' });
    const filters = (frame.filters ?? []).map((filter) => (typeof filter === 'string' ? filter : filter.filter));
    if (frame.type === 'subscribe') this.filters.push(...filters);
    if (frame.type === 'publish' && MemorySocket.isSilent) return;
    const error = { code: 'not-authorized', message: 'No rule allows it.' };
    const results = filters.map((filter) => (MemorySocket.refused.has(filter) ? { filter, error } : { filter }));
    this.say({ type: 'result', id: frame.id, ok: !results.some((result) => 'error' in result), results });
  }

  close(): void {
    this.cut(1000);
  }

  /** Delivers messages as one frame. */
  deliver(...messages: { topic: string; payload: string }[]): void {
    this.say({ type: 'messages', messages });
  }

  /** Ends the connection from the broker's side. */
  cut(code = 1006): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.dispatchEvent(Object.assign(new Event('close'), { code, reason: '' }));
  }

  private say(frame: object): void {
    this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
  }
}
