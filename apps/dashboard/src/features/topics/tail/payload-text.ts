import type { TailMessage } from '../../../shared/api/generated/types.gen.js';
import { jsonOf } from '../../../shared/payload/payload.js';
import { formatBytes } from '../../../shared/ui/format.js';
import { topicsTexts } from '../texts.js';

/** The payload as one line of a list. */
export function previewOf({ payload, encoding, size }: TailMessage): string {
  return encoding === 'utf8' ? payload.slice(0, 300) : topicsTexts.tail.binary(formatBytes(size));
}

/** What the payload says as JSON; undefined where it says nothing in JSON, or was cut. */
export function documentOf({ payload, encoding }: TailMessage): unknown {
  return encoding === 'utf8' ? jsonOf(payload) : undefined;
}

/** The payload as something that can be compared line by line. */
export function comparable(message: TailMessage): Record<string, unknown> {
  const document = documentOf(message);
  const isRecord = typeof document === 'object' && document !== null && !Array.isArray(document);
  return isRecord ? (document as Record<string, unknown>) : { payload: document ?? message.payload };
}
