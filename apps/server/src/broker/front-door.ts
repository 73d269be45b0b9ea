import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { SUBPROTOCOL } from '@perch/wire';
import type { ServerOptions } from 'ws';
import type { Config } from '../config/config.schema.js';
import { InjectConfig } from '../config/config.module.js';
import { OperatorSessions, type SignedIn } from '../features/operators/operator-sessions.js';
import { SESSION_COOKIE } from '../http/session-cookie-name.js';

/** Where MQTT clients connect over WebSocket. */
export const MQTT_PATH = '/mqtt';
/** Where clients of our own JSON protocol connect. */
export const JSON_PATH = '/ws';

/** The subprotocols of each path, the preferred one first [MQTT-6.0.0-4]. */
const subprotocols: Record<string, readonly string[]> = {
  [MQTT_PATH]: ['mqtt', 'mqttv3.1'],
  [JSON_PATH]: [SUBPROTOCOL],
};

/** What a browser's cookie said about who connects. */
export type Visitor =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'operator'; readonly signedIn: SignedIn }
  | { readonly kind: 'signed-out' };

const STRANGER: Visitor = { kind: 'stranger' };

/** Decides which WebSocket upgrades are let in, and as whom. */
@Injectable()
export class FrontDoor {
  /** Of any listener: which one holds for a connection is known behind the door. */
  private readonly largestPacket: number;
  private readonly visitors = new WeakMap<IncomingMessage, Visitor>();

  constructor(
    @InjectConfig() { maxPacketBytes, listeners }: Config,
    private readonly sessions: OperatorSessions,
  ) {
    this.largestPacket = Math.max(maxPacketBytes, ...listeners.map((each) => each.maxPacketBytes ?? 0));
  }

  /** How the WebSocket server of a path is made. */
  optionsFor(path: string): ServerOptions {
    const known = subprotocols[path] ?? [];
    return {
      perMessageDeflate: false,
      maxPayload: this.largestPacket,
      handleProtocols: (offered) => known.find((name) => offered.has(name)) ?? false,
      verifyClient: ({ req }, answer) => {
        this.admit(req, known).then(
          (refusal) => answer(refusal === null, 400, refusal ?? undefined),
          () => answer(false, 503, 'The broker cannot check who you are now; try again.'),
        );
      },
    };
  }

  /** Who connects; known from the upgrade on. */
  visitorOf(request: IncomingMessage): Visitor {
    return this.visitors.get(request) ?? STRANGER;
  }

  /** Resolves with the reason for a refusal, or null. */
  private async admit(request: IncomingMessage, known: readonly string[]): Promise<string | null> {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
    if (!known.some((name) => offered.includes(name))) return `Ask for the subprotocol ${known.join(' or ')}.`;
    if (known.includes(SUBPROTOCOL)) this.visitors.set(request, await this.recognise(request));
    return null;
  }

  /** A cookie counts only from our own pages: another site's page must not speak for the operator. */
  private async recognise(request: IncomingMessage): Promise<Visitor> {
    const { cookie, origin, host } = request.headers;
    if (cookie === undefined || origin === undefined || !URL.canParse(origin) || new URL(origin).host !== host)
      return STRANGER;
    if (!cookie.includes(`${SESSION_COOKIE}=`)) return STRANGER;
    const signedIn = await this.sessions.signedInBy(cookie);
    return signedIn ? { kind: 'operator', signedIn } : { kind: 'signed-out' };
  }
}
