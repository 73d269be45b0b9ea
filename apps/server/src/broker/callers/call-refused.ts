import { reasonCodeIn, type PublishRefusal, type Refusal } from '@perch/broker';
import { ApiError } from '../../http/api-error.js';

const LATER = { headers: { 'Retry-After': '5' } };

/** The answer to a caller that is not let in. Who guesses learns nothing of which part was wrong. */
export function callRefused(refusal: Refusal): ApiError {
  switch (refusal) {
    case 'invalid-client-id':
      return new ApiError('bad-request', 'This is not a client id that can be used.', {
        errors: [{ path: 'clientId', message: 'must be text without NUL that does not begin with $' }],
      });
    case 'banned':
      return new ApiError('not-authorized', 'This client is banned or disabled.');
    case 'connection-rate-exceeded':
    case 'quota-exceeded':
      return new ApiError('too-many-attempts', 'There were too many attempts. Wait before the next one.', LATER);
    case 'unavailable':
    case 'server-busy':
    case 'server-shutting-down':
      return new ApiError('unavailable', 'Perch cannot find out who you are at the moment.', LATER);
    default:
      return new ApiError('bad-credentials', 'The credentials are wrong or no longer valid.', {
        headers: { 'WWW-Authenticate': 'Basic realm="perch", charset="UTF-8"' },
      });
  }
}

/** The answer to a message that is not taken, with the reason code of MQTT 5. */
export function publishRefused({ refusal, reason, wasSent }: PublishRefusal): ApiError {
  const reasonCode = reasonCodeIn('puback', refusal);
  switch (refusal) {
    case 'invalid-topic':
      return new ApiError('invalid-fields', 'This is not a topic that can be published to.', {
        reasonCode,
        errors: [
          { path: 'topic', message: 'must be a topic without wildcards, of as many levels as the broker takes' },
        ],
      });
    case 'payload-format-invalid':
      return new ApiError('invalid-fields', 'The payload is not what it is said to be.', {
        reasonCode,
        errors: [{ path: 'payload', message: 'is not UTF-8, which payloadFormatIndicator says that it is' }],
      });
    case 'packet-too-large':
      return new ApiError('too-large', 'The message is larger than the broker takes.', { reasonCode });
    case 'not-authorized':
      return new ApiError('not-authorized', reason ?? 'The access policy does not allow it.', { reasonCode });
    default:
      return new ApiError(
        'unavailable',
        wasSent
          ? 'The message was sent, but the database did not keep it. Publish it again later.'
          : `The broker does not take the message now: ${refusal}.`,
        { reasonCode, ...LATER },
      );
  }
}
