import type { IncomingHttpHeaders } from 'node:http';
import { Injectable } from '@nestjs/common';
import { RunningSettings } from '../../config/running-settings.js';
import { reaches } from '../../http/permission.js';
import { ApiKeySignIns } from '../api-keys/api-key-sign-ins.js';
import { OperatorSessions } from '../operators/operator-sessions.js';
import type { EndedSignIn, KnownSignIn, SignedIn } from './signed-in.js';

/** A page says with it that it asks by itself: nobody has touched it for a while. */
export const IDLE_HEADER = 'perch-idle';

/** What a request says of who sends it. */
export interface Credentials {
  readonly headers: IncomingHttpHeaders;
  readonly address: string | null;
}

/** Who is signed in, by the cookie of a browser or by an API key. */
@Injectable()
export class SignIns {
  constructor(
    private readonly sessions: OperatorSessions,
    private readonly keys: ApiKeySignIns,
    private readonly settings: RunningSettings,
  ) {}

  /**
   * Who sends this, or null. A key counts alone: where one is named, cookies are not looked at. Where nobody is there,
   * because a page asks by itself, nobody is kept signed in.
   */
  async signedInBy({ headers, address }: Credentials, isIdle = IDLE_HEADER in headers): Promise<SignedIn | null> {
    const key = bearerIn(headers);
    const known = await (key === null
      ? this.sessions.signedInBy(headers.cookie, isIdle)
      : this.keys.signedInBy(key, address));
    return known && { ...known, readsPayloads: this.mayReadPayloads(known) };
  }

  /** Whether they may read what messages hold, as the setting is now: ask again when settings change. */
  mayReadPayloads({ operator }: KnownSignIn): boolean {
    return reaches(operator.role, this.settings.config.payloadsReadBy);
  }

  /** Calls the listener when who may read what messages hold may have changed. Returns how to stop. */
  whenReadersChange(listener: () => void): () => void {
    return this.settings.whenChanged(listener);
  }

  /** Calls the listener when a sign-in was ended; close what was opened with it. Returns how to stop. */
  whenEnded(listener: (ended: EndedSignIn) => void): () => void {
    const stops = [this.sessions.endings.listen(listener), this.keys.endings.listen(listener)];
    return () => stops.forEach((stop) => stop());
  }
}

/** The token of `Authorization: Bearer`. No page of another site can make a browser send one. */
export function bearerIn({ authorization }: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}
