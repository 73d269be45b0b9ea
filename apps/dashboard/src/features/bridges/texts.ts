import type { BridgeStatus } from '../../shared/api/generated/types.gen.js';

/** The words of the page of the bridges. */
export const bridgesTexts = {
  title: 'Bridges',
  explain: 'A bridge hands on what clients do: to an HTTP server of yours, or to CSV files.',
  setIn: (place: string) => `They are set in ${place}, and read at the start of the server.`,
  settings: 'Settings',
  emptyTitle: 'There is no bridge',
  emptyText:
    'A bridge is a part of the configuration: name one under bridges in perch.config.json, or in PERCH_BRIDGES, and start the server again. For example:',
  exampleSecret: 'at least sixteen characters',
  copyExample: 'example',
  kinds: { webhook: 'Webhook', csv: 'CSV files' } satisfies Record<BridgeStatus['kind'], string>,
  states: {
    working: 'Up',
    retrying: 'Retrying',
    failing: 'Failing',
  } satisfies Record<BridgeStatus['state'], string>,
  leftAlone: 'It has failed so often that it is left alone for a few seconds at a time.',
  lastError: 'Last error',
  facts: {
    target: 'Leads to',
    events: 'Events',
    topics: 'Topics',
    payload: 'Payloads',
    delivered: 'Delivered',
    waiting: 'Waiting',
    failed: 'Failed tries',
    dropped: 'Dropped',
    dead: 'Dead letters',
    deadFile: 'Kept in',
  },
  hints: {
    delivered: 'Events that arrived since the server started.',
    waiting: 'Events that wait to be sent, of as many as may.',
    failed: 'Tries to send a batch that failed. What they held is tried again.',
    dropped: 'Events that found no room to wait, and are lost.',
    dead: 'Events that were refused for good, or tried for too long.',
  },
  noPayload: 'Stay here',
  payload: (bytes: string) => `The first ${bytes} of each`,
  waiting: (queued: string, most: string) => `${queued} of ${most}`,
  test: 'Send a test event',
  testOf: (name: string) => `Send a test event over ${name}`,
  arrived: (ms: string) => `The test event arrived in ${ms} ms`,
  notArrived: (ms: string) => `The test event did not arrive (${ms} ms)`,
  body: (name: string) => `What ${name} answered`,
} as const;
