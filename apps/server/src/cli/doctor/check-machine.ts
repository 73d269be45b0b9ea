import type { Config } from '../../config/config.schema.js';
import type { Finding } from './finding.js';

const NODE_NEEDED = [20, 19] as const;
/** What the server has open besides its clients: the database, files, what HTTP holds. */
const OWN_FILES = 200;
const CLOCK_WARNING_MS = 2_000;
/** One-time codes and tokens of others stop working about here. */
const CLOCK_ERROR_MS = 30_000;
const TIMEOUT_MS = 3_000;

export function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1]);
  const finding = { subject: 'node', says: `This is Node ${process.versions.node}.` };
  if (isEnough) return { verdict: 'ok', ...finding };
  return { verdict: 'error', ...finding, wayOut: `Perch needs ${NODE_NEEDED.join('.')} or newer.` };
}

/** A connection is an open file: what is beyond the limit is refused by the system, without a word to the client. */
export function checkOpenFiles({ maxConnections }: Config): Finding {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: Record<string, unknown> } };
  const hard = Number(userLimits?.open_files?.hard ?? Number.NaN);
  const subject = 'open files';
  if (Number.isNaN(hard)) return { verdict: 'ok', subject, says: 'No limit is known.' };
  // Node raises the soft limit to the hard one by itself.
  const places = Math.max(0, hard - OWN_FILES);
  const says = `The limit of ${hard} has places for ${places} connections; maxConnections is ${maxConnections}.`;
  if (places >= maxConnections) return { verdict: 'ok', subject, says };
  const wayOut = `Raise it (ulimit -Hn ${maxConnections + OWN_FILES}, LimitNOFILE in systemd), or lower maxConnections.`;
  return { verdict: 'warning', subject, says, wayOut };
}

/** This machine's clock beside that of the server that runs. */
export async function checkClock(url: string | null): Promise<Finding[]> {
  if (url === null) return [];
  const before = Date.now();
  const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => null);
  const told = response?.headers.get('date');
  if (!told) return [];
  // The header has whole seconds; half of the way there and back is not the clock's fault.
  const differenceMs = Math.abs(Date.parse(told) + 500 - (before + Date.now()) / 2);
  return [clockFinding('clock', 'the server', differenceMs)];
}

/** How far a clock is from the one here. */
export function clockFinding(subject: string, whose: string, differenceMs: number): Finding {
  const seconds = Math.round(differenceMs / 100) / 10;
  if (differenceMs < CLOCK_WARNING_MS) return { verdict: 'ok', subject, says: `It agrees with that of ${whose}.` };
  return {
    verdict: differenceMs < CLOCK_ERROR_MS ? 'warning' : 'error',
    subject,
    says: `It differs from that of ${whose} by ${seconds} s.`,
    wayOut: 'Keep both by NTP: one-time codes, tokens and expiries go by them.',
  };
}
