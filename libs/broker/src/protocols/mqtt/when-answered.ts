import type { Broker } from '../../broker.js';
import type { Link } from '../../link.js';

/** The connection of a client about whom an authorizer is asked. */
export interface Asking {
  isAsking: boolean;
  readonly broker: Broker;
  readonly link: Link;
  /** Runs what had to wait, and takes more, unless the connection has ended. */
  goOn(run: () => void): void;
}

/** Has the connection take nothing more until there is an answer, which never fails, and then go on with it. */
export function whenAnswered<T>(connection: Asking, answer: Promise<T>, run: (answer: T) => void): void {
  connection.isAsking = true;
  connection.link.pause();
  answer
    .then((answered) => {
      connection.isAsking = false;
      connection.goOn(() => run(answered));
    })
    .catch((error: unknown) => connection.broker.report(error, 'authorizer'));
}
