import { type Command, Option } from 'commander';
import type { PolicyTest, PolicyTestReport } from '../../features/policy/access-test.schemas.js';
import type { ExplainAnswer } from '../../features/policy/explain.schemas.js';
import type { LintReport } from '../../features/policy/lint.schemas.js';
import type { PolicyDoc } from '../../features/policy/policy.schemas.js';
import type { Rule } from '../../features/policy/rule.schemas.js';
import { columns, printable } from '../columns.js';
import { type Commands, type ServerTask, several } from '../command.js';
import { counted } from '../counted.js';
import { CliError, exitCodes, type ExitCode } from '../exit-codes.js';
import { policyFileCommands } from './policy-files.js';

interface ExplainOptions {
  readonly client: string;
  readonly username?: string;
  readonly address?: string;
  readonly label?: string[];
}

/** `perch policy …`: who may publish and subscribe to what. */
export function policyCommands(program: Command, commands: Commands): void {
  const policy = program.command('policy').description('access rules: who may publish and subscribe to what');
  commands.remote(policy.command('show').description('the live rules in their order'), showPolicy);
  policyFileCommands(policy, commands);
  commands.remote(policy.command('test').description('run the stored access tests; 1 when one fails'), runTests);
  commands.remote(policy.command('lint').description('what is questionable; 1 when there is an error'), lint);
  const explain = policy.command('explain').description('whether a client may, and why; 0 allowed, 1 denied');
  explain
    .addArgument(explain.createArgument('<action>').choices(['publish', 'subscribe']))
    .argument('<topic>', 'the topic, or the filter of a subscription')
    .requiredOption('--client <clientId>', 'who; what is known of a client that has a session counts')
    .option('--username <name>', 'describes somebody who need not be there')
    .option('--address <ip>')
    .addOption(new Option('--label <label>', 'may be repeated').argParser(several));
  commands.remote<ExplainOptions>(explain, explainAccess);
}

async function showPolicy({ api, print }: ServerTask<unknown>): Promise<void> {
  const doc = await api.ask<PolicyDoc>('GET', 'policy');
  const rows = doc.rules.map((rule, at) => [String(at + 1), ...cellsOf(rule)]);
  print(doc, [
    `Revision ${doc.revision}, by ${printable(doc.author)} at ${doc.createdAt}.`,
    ...columns(['#', 'ID', 'EFFECT', 'WHO', 'MAY', 'TOPICS', 'NOTE'], rows),
  ]);
}

function cellsOf({ id, effect, subject, value, access, topics, enabled, mode, note }: Rule): string[] {
  const state = enabled ? (mode === 'shadow' ? ' (shadow)' : '') : ' (off)';
  const who = subject === 'everyone' ? 'everyone' : `${subject} ${value}`;
  return [id, `${effect}${state}`, who, access, topics.join(' '), note];
}

async function runTests({ api, print }: ServerTask<unknown>): Promise<ExitCode> {
  const [{ tests }, report] = await Promise.all([
    api.ask<PolicyDoc>('GET', 'policy'),
    api.ask<PolicyTestReport>('POST', 'policy/tests', { body: {} }),
  ]);
  const byId = new Map(tests.map((test) => [test.id, test]));
  const failed = report.results.filter(({ passed }) => !passed);
  const rows = failed.map(({ testId, reason }) => [titleOf(byId.get(testId), testId), reason]);
  const verdict = `${report.passed} passed, ${report.failed} failed.`;
  print(report, [...columns(['FAILED', 'WHY'], rows), verdict]);
  return report.failed > 0 ? exitCodes.no : exitCodes.done;
}

function titleOf(test: PolicyTest | undefined, id: string): string {
  return test ? `${test.client.clientId} ${test.action} ${test.topic}: ${test.expect}` : id;
}

async function lint({ api, print }: ServerTask<unknown>): Promise<ExitCode> {
  const [{ rules }, report] = await Promise.all([
    api.ask<PolicyDoc>('GET', 'policy'),
    api.ask<LintReport>('POST', 'policy/lint', { body: {} }),
  ]);
  const place = new Map(rules.map(({ id }, at) => [id, String(at + 1)]));
  const rows = report.problems.map(({ ruleId, code, severity, message }) => [
    place.get(ruleId) ?? ruleId,
    severity,
    code,
    message,
  ]);
  const verdict = `${counted(report.errors, 'error')}, ${counted(report.warnings, 'warning')}.`;
  print(report, [...columns(['RULE', 'SEVERITY', 'CODE', 'WHAT'], rows), verdict]);
  return report.errors > 0 ? exitCodes.no : exitCodes.done;
}

async function explainAccess(
  { api, options, print }: ServerTask<ExplainOptions>,
  action = '',
  topic = '',
): Promise<ExitCode> {
  const { client, username, address, label } = options;
  const isDescribed = username !== undefined || address !== undefined || label !== undefined;
  const described = {
    client: { clientId: client, username: username ?? null, address: address ?? null, labels: label ?? [] },
  };
  const ask = (who: object) => api.ask<ExplainAnswer>('POST', 'policy/explain', { body: { ...who, action, topic } });
  const answer = isDescribed
    ? await ask(described)
    : await ask({ clientId: client }).catch((error: unknown) => {
        if (!(error instanceof CliError) || error.exitCode !== exitCodes.no) throw error;
        return ask(described);
      });
  const steps = answer.steps.map(({ index, outcome, text }) => [String(index + 1), outcome, text]);
  print(answer, [
    ...columns(['RULE', 'OUTCOME', 'WHY'], steps),
    printable(answer.reason),
    ...answer.exclusions.map((filter) => `  without ${printable(filter)}`),
  ]);
  return answer.allowed ? exitCodes.done : exitCodes.no;
}
