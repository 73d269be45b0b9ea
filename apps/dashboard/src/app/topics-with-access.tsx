import { RetainedMessageOf, RetainedUnder } from '../features/retained/retained-of-topic.js';
import { PublishForm } from '../features/retained/publish-dialog.js';
import { WhoOfTopic } from '../features/rules/who/who-of-topic.js';
import { type TopicParts, TopicsPage } from '../features/topics/topics-page.js';

const parts: TopicParts = {
  message: (topic) => <RetainedMessageOf key={topic} topic={topic} />,
  retained: (topic) => <RetainedUnder key={topic} topic={topic} />,
  who: (topic) => <WhoOfTopic topic={topic} />,
  publish: (topic) => <PublishForm key={topic} topic={topic} />,
};

/** The topics, each with what is retained there and who may reach it. */
export function TopicsWithAccess() {
  return <TopicsPage parts={parts} />;
}
