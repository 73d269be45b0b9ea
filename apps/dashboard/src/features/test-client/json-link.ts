import {
  connect,
  payloadBytes,
  type PerchClient,
  type PerchError,
  type Subscription,
  type WebSocketFactory,
} from '@perch/client';
import {
  type LinkEvents,
  LinkRefusal,
  type LinkTarget,
  type Publication,
  type SubscribeWish,
  type TestLink,
} from './link.js';
import { testClientTexts } from './texts.js';

const texts = testClientTexts.link;

/** Connects with our own JSON protocol, through the product's own client library. */
export function openJsonLink(target: LinkTarget, events: LinkEvents): TestLink {
  return new JsonLink(target, events);
}

class JsonLink implements TestLink {
  private readonly client: PerchClient;
  private readonly subscriptions = new Map<string, Subscription>();
  private wasOpen = false;

  constructor(
    { url, clientId, login }: LinkTarget,
    private readonly events: LinkEvents,
  ) {
    this.client = connect(url, {
      clientId,
      ...(login && { auth: { type: 'basic', ...login } }),
      webSocketFactory: listenedTo(events),
    });
    this.client.onState(({ status, clientId: id, reason }) => {
      if (status === 'open') {
        this.wasOpen = true;
        return events.opened(id ?? clientId);
      }
      if (status === 'connecting' || (status === 'reconnecting' && reason === null)) return;
      events.ended(reason?.message ?? texts.lost);
      // A first connection that fails is told, not tried again and again.
      if (!this.wasOpen) this.client.close();
    });
  }

  async subscribe({ filter }: SubscribeWish): Promise<0> {
    let isReady = false;
    const subscription = this.client.subscribe(
      filter,
      (message) => {
        const { topic, retain = false } = message;
        this.events.message({ topic, payload: payloadBytes(message), qos: 0, retain, properties: {} });
      },
      { onEnded: ({ message }) => isReady && this.events.revoked(filter, message) },
    );
    this.subscriptions.set(filter, subscription);
    await subscription.ready.catch((error: PerchError) => {
      this.subscriptions.delete(filter);
      throw refusalOf(error);
    });
    isReady = true;
    return 0;
  }

  unsubscribe(filter: string): Promise<void> {
    this.subscriptions.get(filter)?.unsubscribe();
    this.subscriptions.delete(filter);
    return Promise.resolve();
  }

  asksAgain(filter: string): boolean {
    return this.subscriptions.has(filter);
  }

  async publish({ topic, payload, qos, retain }: Publication): Promise<string> {
    const options = { qos: qos === 0 ? 0 : 1, retain } as const;
    await this.client.publish(topic, payload, options).catch((error: PerchError) => {
      throw refusalOf(error);
    });
    return texts.acknowledged;
  }

  close(): void {
    this.client.close();
  }
}

function refusalOf({ code, message }: PerchError): LinkRefusal {
  return new LinkRefusal(message, code === 'not-authorized');
}

/** A WebSocket whose frames are written down: never the credentials of a bind. */
function listenedTo(events: LinkEvents): WebSocketFactory {
  return (url, protocol) => {
    const socket = new WebSocket(url, protocol);
    socket.addEventListener('message', ({ data }: MessageEvent) => events.packet(frameNote('in', String(data))));
    return {
      get bufferedAmount() {
        return socket.bufferedAmount;
      },
      send: (text: string) => {
        events.packet(frameNote('out', text));
        socket.send(text);
      },
      close: (code?: number, reason?: string) => socket.close(code, reason),
      addEventListener: socket.addEventListener.bind(socket),
    };
  };
}

const SHOWN_CHARACTERS = 1_000;

function frameNote(direction: 'in' | 'out', text: string) {
  const { type = '?', auth, ...frame } = frameOf(text);
  const shown = JSON.stringify(auth === undefined ? frame : { ...frame, auth: texts.hidden });
  return {
    direction,
    name: type,
    text: shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown,
    isRefusal: frame.ok === false,
  };
}

function frameOf(text: string): { type?: string; auth?: object; ok?: boolean } {
  try {
    return JSON.parse(text) as object;
  } catch {
    // The library ends the connection for it; here it is only shown.
    return { type: text };
  }
}
