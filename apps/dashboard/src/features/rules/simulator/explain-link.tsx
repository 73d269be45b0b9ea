import type { Action, ClientIdentity } from '@perch/policy';
import { TextLink } from '../../../shared/ui/links.js';
import { useRulesSearch } from '../use-rules-search.js';
import { questionSearch } from './identity-search.js';
import { simulatorTexts as texts } from './texts.js';

interface ExplainLinkProps {
  readonly identity: ClientIdentity;
  readonly action: Action;
  readonly topic: string;
}

/** The way to the simulator, filled in. As a live client, so that what it brought along counts. */
export function ExplainLink({ identity, action, topic }: ExplainLinkProps) {
  const [{ q }] = useRulesSearch();
  return (
    <TextLink
      to="/access/rules"
      search={{ q, tab: 'test', ...questionSearch(identity, action, topic), live: '1' }}
      size="xs"
      aria-label={texts.explainOf(identity.clientId, action, topic)}
    >
      {texts.explain}
    </TextLink>
  );
}
