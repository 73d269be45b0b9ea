import type { IncomingMessage } from 'node:http';
import { Injectable } from '@nestjs/common';
import { chooseSubprotocol, offeredSubprotocols, type UpgradeRefusal } from '@perch/broker';
import { SUBPROTOCOL } from '@perch/wire';
import type { Config } from '../config/config.schema.js';
import { InjectConfig } from '../config/config.module.js';
import { FLOCK_PATH, FLYWHEEL_PATH, JSON_PATH, MQTT_PATH } from '../config/door-paths.js';
import type { SignedIn } from '../features/sign-in/signed-in.js';
import { RefusedKeys } from '../features/sign-in/refused-keys.js';
import { bearerIn, SignIns } from '../features/sign-in/sign-ins.js';
import { SESSION_COOKIE } from '../http/session-cookie-name.js';
import { arrivalOf } from './listeners/arrivals.js';
import { clientOf } from './listeners/client-of.js';

/** The subprotocols of each door, the preferred one first [MQTT-6.0.0-4]; none where the protocol has no name. */
const subprotocols: Record<string, readonly string[]> = {
  [MQTT_PATH]: ['mqtt', 'mqttv3.1'],
  [JSON_PATH]: [SUBPROTOCOL],
  [FLYWHEEL_PATH]: [],
  [FLOCK_PATH]: [],
};

/**
 * What is served beside the pages of the dashboard: a proxy that lets only these through, or all but `MQTT_PATH`, is to let
 * no MQTT in.
 */
const servedOverHttp = /^\/(?:api|assets|health|metrics|registry)(?:\/|$)/;

/** What the cookie of a browser, or an API key, said about who connects. */
export type Visitor =
  | { readonly kind: 'stranger' }
  | { readonly kind: 'operator'; readonly signedIn: SignedIn }
  | { readonly kind: 'signed-out' };

/** Whether an upgrade is let in, and with which subprotocol. */
export type Admission =
  | { readonly isAdmitted: true; readonly subprotocol: string | null }
  | { readonly isAdmitted: false; readonly refusal: UpgradeRefusal };

const STRANGER: Visitor = { kind: 'stranger' };

/** Decides which WebSocket upgrades are let in, and as whom. */
@Injectable()
export class FrontDoor {
  /** The doors by the paths that they are at. */
  private readonly doors: ReadonlyMap<string, string>;
  private readonly hasFlock: boolean;
  private readonly visitors = new WeakMap<IncomingMessage, Visitor>();

  constructor(
    @InjectConfig() { flywheelPath, flockPath }: Config,
    private readonly signIns: SignIns,
    private readonly refusedKeys: RefusedKeys,
  ) {
    this.hasFlock = flockPath !== 'off';
    this.doors = new Map([
      [flywheelPath, FLYWHEEL_PATH],
      [flockPath, FLOCK_PATH],
      [MQTT_PATH, MQTT_PATH],
      [JSON_PATH, JSON_PATH],
    ]);
  }

  /**
   * The door that an upgrade at this path is for, by the path that its gateway has; null for none. As other brokers take MQTT
   * at any path, and some at /ws, so is it here.
   */
  doorAt(path: string, request: IncomingMessage): string | null {
    const door = this.doors.get(path) ?? null;
    if (door !== null && door !== JSON_PATH) return door;
    const offered = offeredSubprotocols(request);
    if (door === JSON_PATH && offered.includes(SUBPROTOCOL)) return JSON_PATH;
    const isForMqtt = subprotocols[MQTT_PATH]?.some((name) => offered.includes(name)) === true;
    if (isForMqtt && !(arrivalOf(request.socket).hasPages && servedOverHttp.test(path))) return MQTT_PATH;
    const asksForNone = request.headers['sec-websocket-protocol'] === undefined;
    return door === JSON_PATH && this.hasFlock && asksForNone ? FLOCK_PATH : door;
  }

  /** Decides at once where nobody has to be asked. */
  admit(door: string, request: IncomingMessage): Admission | Promise<Admission> {
    const known = subprotocols[door] ?? [];
    if (known.length === 0) return { isAdmitted: true, subprotocol: null };
    const subprotocol = chooseSubprotocol(request, known);
    if (typeof subprotocol !== 'string') return { isAdmitted: false, refusal: subprotocol };
    const admission: Admission = { isAdmitted: true, subprotocol };
    return door === JSON_PATH && comesSignedIn(request) ? this.recognise(request).then(() => admission) : admission;
  }

  /** Who connects; known from the upgrade on. */
  visitorOf(request: IncomingMessage): Visitor {
    return this.visitors.get(request) ?? STRANGER;
  }

  private async recognise(request: IncomingMessage): Promise<void> {
    const { address } = clientOf(request);
    // Pages come back by themselves when the network does.
    const signedIn = await this.signIns.signedInBy({ headers: request.headers, address }, true);
    if (!signedIn) await this.refusedKeys.tell({ headers: request.headers, address }, 'ws');
    this.visitors.set(request, signedIn ? { kind: 'operator', signedIn } : { kind: 'signed-out' });
  }
}

/**
 * A cookie counts only from our own pages: another site's page must not speak for the operator. Nor does it where
 * our page asks to be a client like any other, with `?as=client`.
 */
function comesSignedIn({ url = '', headers }: IncomingMessage): boolean {
  const { cookie, origin, host } = headers;
  if (new URLSearchParams(url.split('?')[1]).get('as') === 'client') return false;
  if (bearerIn(headers) !== null) return true;
  if (cookie === undefined || origin === undefined || !URL.canParse(origin)) return false;
  return new URL(origin).host === host && cookie.includes(`${SESSION_COOKIE}=`);
}
