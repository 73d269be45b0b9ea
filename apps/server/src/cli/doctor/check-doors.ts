import { createServer } from 'node:net';
import type { Configured } from '../../boot/start-server.js';
import { type ListenerPlan, planListeners } from '../../config/listener-plan.js';
import { answers, urlOf } from '../reach-server.js';
import type { Finding } from './finding.js';

/** What the doors tell. */
export interface DoorReport {
  readonly findings: readonly Finding[];
  /** Whether a Perch runs behind them. */
  readonly isRunning: boolean;
  /** Where it answers; null where none does. */
  readonly url: string | null;
}

/** Whether each listener could be opened, or is open because the server runs. */
export async function checkDoors(configured: Configured): Promise<DoorReport> {
  const url = urlOf(configured);
  const isRunning = url !== null && (await answers(url).catch(() => false));
  const findings: Finding[] = [];
  for (const plan of planListeners(configured.config).plans) findings.push(await check(plan, isRunning));
  return { findings, isRunning, url: isRunning ? url : null };
}

async function check(plan: ListenerPlan, isRunning: boolean): Promise<Finding> {
  const { name, place, setting } = plan;
  const subject = `listener ${name}`;
  const where = 'socket' in place ? place.socket : `${place.host}:${place.port}`;
  // To try the path of a socket would remove what waits there.
  if ('socket' in place) return { verdict: 'ok', subject, says: `It is to be at ${where}.` };
  const code = await tryToListen(place);
  if (code === null) return { verdict: 'ok', subject, says: `${where} is free.` };
  if (code === 'EADDRINUSE' && isRunning) return { verdict: 'ok', subject, says: `${where} is open: the server runs.` };
  const says = `${where} cannot be opened: ${code}.`;
  if (code === 'EADDRINUSE')
    return { verdict: 'error', subject, says, wayOut: `Stop the program that has it, or change ${setting}.` };
  if (code === 'EACCES')
    return {
      verdict: 'error',
      subject,
      says,
      wayOut: `Only an administrator may: choose one above 1023 in ${setting}.`,
    };
  return { verdict: 'error', subject, says, wayOut: 'Check host: it has to be an address of this machine.' };
}

/** Null where it works, or else the code of the system. */
async function tryToListen(place: { host: string; port: number }): Promise<string | null> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ ...place, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
