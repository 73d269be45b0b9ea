import { MAX_FILTERS_PER_FRAME, MAX_MESSAGES_PER_FRAME, type ClientFrame } from '@perch/wire';

/** What is wrong with a frame. */
export interface FrameFault {
  /** The id of the request, where it can be told. */
  readonly id: number | null;
  /** Names the field. */
  readonly message: string;
  /** Not one of our frames at all: whoever sent it speaks something else. */
  readonly isForeign: boolean;
}

/** A frame, or what is wrong with it. */
export type FrameReading =
  { readonly frame: ClientFrame; readonly fault: null } | { readonly frame: null; readonly fault: FrameFault };

type Fields = Readonly<Record<string, unknown>>;

/** Says what is wrong with one item of a list, beginning with where in it; null when nothing is. */
type ItemCheck = (item: unknown) => string | null;

interface ListRule {
  readonly most: number;
  readonly itemFault: ItemCheck;
}

const WHOLE_NUMBER = 'must be a whole number from 0 to 2^53-1';

/** The fields of each kind of credentials; all are strings. */
const authFields: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['none', []],
  ['basic', ['username', 'password']],
  ['bearer', ['token']],
]);

/** Reads one frame of a client. Fields that this version does not know are left alone. */
export function readFrame(text: string): FrameReading {
  const fields = parse(text);
  if (!isFields(fields)) return fault(null, 'the frame must be a JSON object');
  const check = checks.get(fields['type']);
  if (!check) return fault(null, `type: must be one of ${[...checks.keys()].join(', ')}`);
  const message = check(fields);
  if (message === null) return { frame: fields as unknown as ClientFrame, fault: null };
  return fault(fields, message);
}

/** What to check in each type of frame; the result says what is wrong, or null. */
const checks: ReadonlyMap<unknown, (fields: Fields) => string | null> = new Map<
  ClientFrame['type'],
  (fields: Fields) => string | null
>([
  ['bind', bindFault],
  ['subscribe', ({ id, filters }) => idFault(id) ?? filtersFault(filters, subscribeFilterFault)],
  ['unsubscribe', ({ id, filters }) => idFault(id) ?? filtersFault(filters, unsubscribeFilterFault)],
  ['publish', publishFault],
  ['messages', messagesFault],
  ['ping', ({ offset }) => (offset === undefined || isId(offset) ? null : `offset: ${WHOLE_NUMBER}`)],
]);

function bindFault({ id, clientId, auth, resume }: Fields): string | null {
  if (clientId !== undefined && typeof clientId !== 'string') return 'clientId: must be a string';
  return idFault(id) ?? (auth === undefined ? null : authFault(auth)) ?? resumeFault(resume);
}

function authFault(auth: unknown): string | null {
  if (!isFields(auth)) return 'auth: must be an object';
  const fields = authFields.get(auth['type']);
  if (!fields) return 'auth.type: must be none, basic or bearer';
  const missing = fields.find((field) => typeof auth[field] !== 'string');
  return missing === undefined ? null : `auth.${missing}: must be a string`;
}

function resumeFault(resume: unknown): string | null {
  if (resume === undefined || resume === true) return null;
  if (!isFields(resume)) return 'resume: must be true or an object';
  if (typeof resume['session'] !== 'string') return 'resume.session: must be a string';
  return isId(resume['offset']) ? null : `resume.offset: ${WHOLE_NUMBER}`;
}

function messagesFault({ id, messages }: Fields): string | null {
  if (id !== undefined && !isId(id)) return idFault(id);
  return listFault('messages', messages, { most: MAX_MESSAGES_PER_FRAME, itemFault });
}

function itemFault(item: unknown): string | null {
  if (!isFields(item)) return ': must be an object';
  const message = messageFault(item);
  return message === null ? null : `.${message}`;
}

function publishFault(fields: Fields): string | null {
  const { id } = fields;
  return id !== undefined && !isId(id) ? idFault(id) : messageFault(fields);
}

function messageFault({ topic, payload, encoding, qos, retain }: Fields): string | null {
  if (typeof topic !== 'string') return 'topic: must be a string';
  if (typeof payload !== 'string') return 'payload: must be a string';
  if (encoding !== undefined && encoding !== 'utf8' && encoding !== 'base64') return 'encoding: must be utf8 or base64';
  if (encoding === 'base64' && !isBase64(payload)) return 'payload: must be base64 with padding';
  if (qos !== undefined && qos !== 0 && qos !== 1) return 'qos: must be 0 or 1';
  return retain === undefined || typeof retain === 'boolean' ? null : 'retain: must be true or false';
}

function filtersFault(filters: unknown, filterFault: ItemCheck): string | null {
  return listFault('filters', filters, { most: MAX_FILTERS_PER_FRAME, itemFault: filterFault });
}

function listFault(name: string, list: unknown, { most, itemFault }: ListRule): string | null {
  if (!Array.isArray(list)) return `${name}: must be a list`;
  if (list.length === 0 || list.length > most) return `${name}: must have 1 to ${most} items`;
  for (const [i, item] of list.entries()) {
    const message = itemFault(item);
    if (message !== null) return `${name}[${i}]${message}`;
  }
  return null;
}

function subscribeFilterFault(filter: unknown): string | null {
  if (typeof filter === 'string') return null;
  if (!isFields(filter)) return ': must be a string or an object';
  if (typeof filter['filter'] !== 'string') return '.filter: must be a string';
  const handling = filter['retainHandling'];
  return handling === undefined || handling === 0 || handling === 1 || handling === 2
    ? null
    : '.retainHandling: must be 0, 1 or 2';
}

function unsubscribeFilterFault(filter: unknown): string | null {
  return typeof filter === 'string' ? null : ': must be a string';
}

function idFault(id: unknown): string | null {
  return isId(id) ? null : `id: ${WHOLE_NUMBER}`;
}

function isId(id: unknown): id is number {
  return Number.isSafeInteger(id) && (id as number) >= 0;
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Buffer reads what it can and leaves out the rest; a message must not arrive shortened. */
function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}

function fault(fields: Fields | null, message: string): FrameReading {
  const id = isId(fields?.['id']) ? fields['id'] : null;
  return { frame: null, fault: { id, message, isForeign: fields === null } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
