import type { Kick } from '../../shared/api/generated/types.gen.js';

/** What the DISCONNECT of MQTT 5 may say. */
export type KickCode = NonNullable<Kick['reasonCode']>;

/** The words for sending one client away. */
export const kickTexts = {
  title: (clientId: string) => `Kick ${clientId}?`,
  text: 'Its connection is closed now. It will reconnect unless it is banned or its user is disabled.',
  reason: 'Reason (optional, for the audit log)',
  code: 'Reason code (for MQTT 5)',
  codeHint: 'What its DISCONNECT says. A client may act on it, such as wait longer before it comes back.',
  codes: {
    0x98: 'Administrative action',
    0x80: 'Unspecified error',
    0x87: 'Not authorized',
    0x89: 'Server busy',
    0x8b: 'Server shutting down',
    0x96: 'Message rate too high',
    0x97: 'Quota exceeded',
    0x9c: 'Use another server',
    0x9d: 'Server moved',
    0x9f: 'Connection rate exceeded',
    0xa0: 'Maximum connect time',
  } satisfies Record<KickCode, string>,
  codeOption: (code: string, name: string) => `${name} (0x${Number(code).toString(16).toUpperCase()})`,
  action: 'Kick client',
  done: (clientId: string) => `${clientId} was disconnected`,
  offline: 'It is not connected',
} as const;
