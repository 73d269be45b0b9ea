import { answersIn } from './access/asked-sessions.js';
import type { Broker } from './broker.js';
import type { Message } from './message.js';
import type { Session } from './session.js';

/** Publishes the will of the session, judged by the rights of this moment, and forgets it. */
export function publishWill(broker: Broker, session: Session): void {
  const { will } = session;
  if (!will) return;
  session.will = null;
  const { access } = broker;
  session.putUnder(access.grantsFor(session.options, answersIn(session.grants)));
  const questions = access.asked.openQuestions(session.grants, { filters: [], topics: [will.topic] });
  if (questions.length === 0) return send(broker, session, will);
  access.asked
    .ask(session.grants, questions)
    .then(() => send(broker, session, will))
    .catch((error: unknown) => broker.report(error, 'will'));
}

function send(broker: Broker, session: Session, will: Message): void {
  const receivedAt = broker.clock.now();
  // [MQTT5 3.1.3.2.4] its lifetime begins when it is published
  const expiresAt = will.expiresAt === null ? null : receivedAt + will.expiresAt - will.receivedAt;
  const { refusal, ruleId, by, durable } = broker.publish(session, { ...will, receivedAt, expiresAt });
  if (refusal) broker.refusals.of(session, { refusal, action: 'will', topic: will.topic, ruleId, by });
  durable?.catch((error: unknown) => broker.report(error, 'will not kept'));
}
