import { Injectable } from '@nestjs/common';
import type { Authenticator } from '@perch/broker';
import { AccessControl } from '../policy/access-control.js';
import { BanGate } from '../policy/bans/ban-gate.js';
import { TracedAuthenticator } from '../tracing/traced-authenticator.js';
import type { Traces } from '../tracing/traces.js';
import { InjectTraces } from '../tracing/traces.module.js';

/** What a client passes to come in: bans, then the chain of authenticators, traced where anything is. */
@Injectable()
export class ConnectGate {
  readonly authenticator: Authenticator;

  constructor(access: AccessControl, bans: BanGate, @InjectTraces() traces: Traces | null) {
    const gate = bans.before(access.chain);
    this.authenticator = traces ? new TracedAuthenticator(gate, traces) : gate;
  }
}
