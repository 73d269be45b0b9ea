import type { PolicyTest } from '@perch/policy';
import { Literal } from '../../../shared/ui/literal.js';
import { testsTexts } from './texts.js';

/** An access test as text: "pump-1 (user joy) may publish plant/1/temp". */
export function testWords(test: PolicyTest): string {
  return [whoWords(test), testsTexts.sentence[test.expect][test.action], test.topic].join(' ');
}

/** An access test as people say it. */
export function TestSentence({ test }: { test: PolicyTest }) {
  return (
    <span>
      <Literal>{whoWords(test)}</Literal> {testsTexts.sentence[test.expect][test.action]}{' '}
      <Literal>{test.topic}</Literal>
    </span>
  );
}

function whoWords({ client: { clientId, username, address, labels = [] } }: PolicyTest): string {
  const more = [username, address, ...labels].filter((each) => each !== null);
  return more.length === 0 ? clientId : `${clientId} (${more.join(', ')})`;
}
