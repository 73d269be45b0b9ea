import type { Command } from 'commander';
import { ConfigError } from '../../config/read-config.js';
import { columns } from '../columns.js';
import type { Commands, Task } from '../command.js';
import { checkCertificates } from '../doctor/check-certificates.js';
import { checkDatabase } from '../doctor/check-database.js';
import { checkDoors } from '../doctor/check-doors.js';
import { checkClock, checkNode, checkOpenFiles } from '../doctor/check-machine.js';
import type { Finding } from '../doctor/finding.js';
import { exitCodes } from '../exit-codes.js';
import { configuration } from '../reach-server.js';

const signs = { ok: 'ok', warning: 'warning', error: 'ERROR' } as const;

/** `perch doctor`: what would keep the server from running well here. */
export function doctorCommand(program: Command, commands: Commands): void {
  const command = program.command('doctor').description('check settings, doors, database, certificates, clock, limits');
  commands.local(command, async (task) => {
    const findings = await examine(task);
    const rows = findings.map(({ verdict, subject, says, wayOut }) => [
      signs[verdict],
      subject,
      wayOut === undefined ? says : `${says} ${wayOut}`,
    ]);
    task.print(findings, columns(['', 'WHAT', 'FOUND'], rows));
    return findings.some(({ verdict }) => verdict === 'error') ? exitCodes.no : exitCodes.done;
  });
}

async function examine({ options, terminal }: Task<unknown>): Promise<Finding[]> {
  try {
    const configured = configuration(options, terminal);
    const { config } = configured;
    const doors = await checkDoors(configured);
    return [
      { verdict: 'ok', subject: 'settings', says: `They are valid; ${configured.origins?.size ?? 0} are given.` },
      checkNode(),
      checkOpenFiles(config),
      ...doors.findings,
      ...checkCertificates(config),
      ...(await checkDatabase(config, doors.isRunning)),
      ...(await checkClock(doors.url)),
    ];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const findings = error.problems.map((says): Finding => ({ verdict: 'error', subject: 'settings', says }));
    return [...findings, checkNode()];
  }
}
