import { useQuery } from '@tanstack/react-query';
import { TextLink } from '../../shared/ui/links.js';
import { currentPolicy } from './queries.js';
import { clientsTexts } from './texts.js';

const texts = clientsTexts.drawer;

/** The rule behind something, by its place, and the way there; the default where there is none. */
export function RuleLink({ ruleId }: { ruleId: string | null }) {
  const { data: policy } = useQuery(currentPolicy());
  if (ruleId === null) return texts.byDefault;
  const position = policy ? policy.rules.findIndex((rule) => rule.id === ruleId) + 1 : 0;
  return (
    <TextLink size="sm" to="/access/rules" search={{ rule: ruleId }}>
      {position > 0 ? texts.ruleAt(position) : texts.rule(ruleId)}
    </TextLink>
  );
}
