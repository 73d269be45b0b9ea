import { useNavigate } from '@tanstack/react-router';
import { usePermission } from '../../shared/session/session.js';
import { reportError } from '../../shared/report-error.js';
import { TextLink } from '../../shared/ui/links.js';
import { EmptyState } from '../../shared/ui/states.js';
import { HiddenPayload, MessageDetails } from './message-details.js';
import { RetainedTable } from './retained-table.js';
import { retainedTexts as texts } from './texts.js';

/** The message that is retained on a topic, wherever it is shown. */
export function RetainedMessageOf({ topic }: { topic: string }) {
  const mayRead = usePermission('messages:read');
  return mayRead ? <MessageDetails topic={topic} /> : <HiddenPayload />;
}

/** What is retained on a topic and below. */
export function RetainedUnder({ topic }: { topic: string }) {
  const filter = topic === '#' || topic.endsWith('/#') ? topic : `${topic}/#`;
  const navigate = useNavigate();
  return (
    <>
      <TextLink to="/retained" search={{ filter }} size="sm">
        {texts.openPage}
      </TextLink>
      <RetainedTable
        filter={filter}
        empty={<EmptyState title={texts.noMatchTitle(filter)}>{texts.noMatchText}</EmptyState>}
        onOpen={(topic) => {
          navigate({ to: '/retained', search: { filter, topic } }).catch(reportError);
        }}
      />
    </>
  );
}
