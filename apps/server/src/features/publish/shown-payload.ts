import { isUtf8 } from 'node:buffer';

/** The beginning of a payload: as text where it is that, else as base64. */
export function shownPayload(payload: Buffer, limitBytes: number) {
  const part = payload.subarray(0, textEnd(payload, limitBytes));
  const encoding = isUtf8(part) ? ('utf8' as const) : ('base64' as const);
  return { payload: part.toString(encoding), encoding };
}

/** Where to cut so that no character of a text is cut in two. */
function textEnd(bytes: Buffer, limit: number): number {
  if (bytes.length <= limit) return bytes.length;
  for (let end = limit; end > limit - 4 && end > 0; end--) if (((bytes[end] ?? 0) & 0xc0) !== 0x80) return end;
  return limit;
}
