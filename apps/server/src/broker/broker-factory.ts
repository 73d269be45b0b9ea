import { hostname } from 'node:os';
import { Injectable, Logger } from '@nestjs/common';
import { Broker } from '@perch/broker';
import { sourceStack } from '../boot/source-stack.js';
import { InjectConfig } from '../config/config.module.js';
import type { Config } from '../config/config.schema.js';
import { version } from '../config/version.js';
import { AccessControl } from '../policy/access-control.js';
import type { PolicyDocument } from '../policy/policy-document.js';
import { HookFailure } from '../policy/hooks/hook-client.js';
import { PolicyService } from '../policy/policy.service.js';
import { brokerLimits } from './broker-limits.js';
import { ConnectGate } from './connect-gate.js';
import { Stores } from './stores/stores.js';

const LONGEST_NOTE = 100;

/** How a client is told of a rule: by its place and what the operator noted there. */
function ruleText({ policy }: PolicyDocument, ruleId: string): string {
  const index = policy.rules.findIndex(({ id }) => id === ruleId);
  const note = policy.rules[index]?.note.slice(0, LONGEST_NOTE);
  return note ? `rule ${index + 1} (${note})` : `rule ${index + 1}`;
}

/** Makes the broker of this process from the control plane's parts. */
@Injectable()
export class BrokerFactory {
  private readonly logger = new Logger('broker');

  constructor(
    @InjectConfig() private readonly config: Config,
    private readonly policy: PolicyService,
    private readonly access: AccessControl,
    private readonly gate: ConnectGate,
    private readonly stores: Stores,
  ) {}

  make(): Broker {
    return new Broker({
      authenticator: this.gate.authenticator,
      ...(this.access.authorizer && { authorizer: this.access.authorizer }),
      policy: this.policy.compiled,
      retainedStore: this.stores.retained,
      sessionStore: this.stores.sessions,
      limits: brokerLimits(this.config),
      responseTopicPrefix: this.config.responseTopicPrefix,
      serverReference: this.config.serverReference,
      nodeName: hostname(),
      version,
      tellReasons: this.config.tellReasons,
      reasonOf: (ruleId) => ruleText(this.policy.current, ruleId),
      report: (error, what) => this.report(error, what),
      forgotten: (clientId) => this.stores.presence.forget(clientId),
    });
  }

  private report(error: unknown, what: string): void {
    // Told already, and there may be thousands.
    if (error instanceof HookFailure) return;
    this.logger.warn(`${what}: ${error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error)}`);
  }
}
