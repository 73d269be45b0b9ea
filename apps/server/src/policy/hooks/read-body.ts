/** The body of an answer as text; one that is longer is cut there or, where all of it is needed, makes this reject. */
export async function readBody(response: Response, limitBytes: number, mayBeCut = false): Promise<string> {
  if (!response.body) return '';
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body) {
    length += (chunk as Uint8Array).byteLength;
    if (length > limitBytes && mayBeCut) break;
    if (length > limitBytes) throw new Error(`The answer is longer than ${limitBytes} bytes.`);
    chunks.push(chunk as Uint8Array);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** What went wrong with a request, in words that name no secret. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'It did not answer in time.';
  const cause = error.cause;
  return cause instanceof Error ? `${error.message}: ${cause.message}` : error.message;
}
