import type { PolicyTestReport } from '../../features/policy/access-test.schemas.js';
import { counted } from '../counted.js';
import type { UserImportResult } from '../../features/users/import.schemas.js';
import type { ImportAnswer, ImportFile, ImportReport } from '../../features/policy/import.schemas.js';
import type { RestApi } from '../rest-api.js';
import type { Terminal } from '../terminal.js';
import { remarkLines } from './policy-files.js';
import { reportLines, sendUsers } from './user-files.js';

/** Moves users and rules, or says what would become of them. */
export interface Mover {
  readonly api: RestApi;
  readonly terminal: Terminal;
  readonly isApplied: boolean;
}

/** What one file came to. */
export interface Moved {
  readonly says: string;
  /** It cannot be moved as it is. */
  readonly isWrong: boolean;
  readonly users?: UserImportResult;
  readonly rules?: number;
}

/** Users of a password file. Names that are taken keep the passwords that they have here. */
export async function movePasswords(mover: Mover, text: string, file: string): Promise<Moved> {
  const wishes = { format: 'mosquitto', existing: 'skip', skipErrors: false, dryRun: !mover.isApplied } as const;
  const users = await sendUsers(mover, text, wishes);
  return { says: [`Users of ${file}:`, ...reportLines(users)].join('\n'), isWrong: users.failed > 0, users };
}

/** Rules of an acl_file, in place of those that there are. */
export function moveRules(mover: Mover, text: string, file: string): Promise<Moved> {
  return moveFile(mover, { format: 'mosquitto-acl', text, digits: 'pub-sub' }, file);
}

/** Users and rules of the dynamic-security plugin. */
export function moveDynamicSecurity(mover: Mover, text: string, file: string): Promise<Moved> {
  return moveFile(mover, { format: 'mosquitto-dynsec', text, digits: 'pub-sub' }, file);
}

async function moveFile({ api, isApplied }: Mover, source: ImportFile, file: string): Promise<Moved> {
  const report = await api.ask<ImportReport>('POST', 'policy/import/analyse', { body: source });
  const remarks = remarkLines(report);
  const isWrong = report.errors.length > 0;
  if (isWrong) return { says: [`Rules of ${file}:`, ...remarks].join('\n'), isWrong };
  const answer = await api.ask<ImportAnswer>('POST', 'policy/import', {
    body: {
      ...source,
      mode: 'replace',
      users: 'import',
      dryRun: !isApplied,
      message: `moved from ${file}`.slice(0, 500),
    },
  });
  const failed = isApplied ? [] : await failedTests(api, answer);
  if (failed.length > 0)
    return {
      says: [`Rules of ${file}: access tests that are stored here would fail.`, ...failed].join('\n'),
      isWrong: true,
    };
  const rules = report.rules.length;
  const verdict = isApplied
    ? `revision ${answer.revision} is live with ${counted(rules, 'rule')}`
    : counted(rules, 'rule');
  const users = answer.users && answer.users.rows > 0 ? reportLines(answer.users) : [];
  return { says: [`Rules of ${file}: ${verdict}.`, ...remarks, ...users].join('\n'), isWrong, rules };
}

/** A save would be refused: that is said in the plan already. */
async function failedTests(api: RestApi, { rules, settings }: ImportAnswer): Promise<string[]> {
  const report = await api.ask<PolicyTestReport>('POST', 'policy/tests', { body: { rules, settings } });
  return report.results.filter(({ passed }) => !passed).map(({ testId, reason }) => `  test ${testId}: ${reason}`);
}
