/** Why something was refused, or a connection ended: the broker's words as a person would say them. */
const texts: Readonly<Record<string, string>> = {
  'bad-credentials': 'Wrong user or password',
  'not-authorized': 'Not allowed',
  'wrong-client-id': 'Not a client id of this user',
  'wrong-address': 'Not an address of this user',
  banned: 'Banned',
  'authorization-expired': 'Its time was over',
  'invalid-topic': 'Not a valid topic',
  'invalid-filter': 'Not a valid filter',
  'invalid-client-id': 'Not a valid client id',
  'quota-exceeded': 'A limit was reached',
  'connection-rate-exceeded': 'Connects too often',
  'server-busy': 'The server was busy',
  unavailable: 'The database was away',
  'client-disconnected': 'The client left',
  'disconnected-with-will': 'The client left, with its will',
  'connection-lost': 'Connection lost',
  'keep-alive-timeout': 'Silent for too long',
  'connect-timeout': 'Too slow to introduce itself',
  'session-taken-over': 'Taken over by another connection',
  'administrative-action': 'Disconnected by an operator',
  'server-shutting-down': 'The server was stopped',
  'server-restart': 'The server ended without a word',
  'malformed-packet': 'Malformed packet',
  'protocol-error': 'Protocol error',
  'packet-too-large': 'Packet too large',
  'receive-maximum-exceeded': 'More in flight than allowed',
  'topic-alias-invalid': 'Not a valid topic alias',
  'invalid-utf8': 'Not valid UTF-8',
  'payload-format-invalid': 'Not the payload format it promised',
  'unsupported-protocol-version': 'Unknown protocol version',
  'unsupported-authentication-method': 'Unknown authentication method',
  'internal-error': 'Internal error',
};

/** The words that there is a text for. */
export const knownReasons = Object.keys(texts);

/** The text for a reason; the broker's word itself where it is a new one. */
export function reasonText(reason: string): string {
  return texts[reason] ?? reason;
}
