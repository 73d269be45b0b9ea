import type { LoginBan, User } from '../../shared/api/generated/types.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { useLockMutations } from './queries.js';
import { usersTexts } from './texts.js';

const { lock: texts } = usersTexts;

/** What keeps a user out everywhere. */
export type UserBan = NonNullable<User['ban']>;

/** Lets users in again at one click; the toast takes it back for what was left of it. */
export function useLocks() {
  const { ban, lift, banFrom, liftFrom } = useLockMutations();
  return {
    lift: ({ username: value }: User, { id, reason, until }: UserBan) => {
      const restore = () => ban.mutateAsync({ body: { kind: 'username', value, reason, until } });
      const undo = () => again(value, until, restore);
      lift
        .mutateAsync({ path: { id } })
        .then(() => notifyUndo(texts.lifted(value), undo))
        .catch((error: Error) => notifyError(texts.liftFailed(value), error));
    },
    liftFrom: ({ id, username }: User, { address, until }: LoginBan) => {
      const restore = () => banFrom.mutateAsync({ path: { id }, body: { address, until } });
      const undo = () => again(username, until, restore);
      liftFrom
        .mutateAsync({ path: { id }, query: { address } })
        .then(() => notifyUndo(texts.liftedFrom(username, address), undo))
        .catch((error: Error) => notifyError(texts.liftFailed(username), error));
    },
  };
}

function again(username: string, until: string | null, restore: () => Promise<unknown>): void {
  if (until !== null && Date.parse(until) <= serverNow()) return notifyDone(texts.tooLate);
  restore()
    .then(() => notifyDone(texts.restored(username)))
    .catch((error: Error) => notifyError(texts.restoreFailed(username), error));
}
