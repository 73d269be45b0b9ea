import type { Ban, CreatedBan } from '../../shared/api/generated/types.gen.js';
import { serverNow } from '../../shared/api/server-time.js';
import { notifyDone, notifyError, notifyUndo } from '../../shared/ui/notify.js';
import { sameBan } from './ban-draft.js';
import { useCreateBan, useLiftBan } from './queries.js';
import { bansTexts } from './texts.js';

/** Tells of bans that were set, and lifts bans; each can be taken back for ten seconds. */
export function useBanNotices() {
  const create = useCreateBan();
  const remove = useLiftBan();
  const liftQuietly = (ban: Ban, done: () => void) => {
    remove
      .mutateAsync({ path: { id: ban.id } })
      .then(done)
      .catch((error: Error) => notifyError(bansTexts.failed.lift(ban), error));
  };
  const restore = (ban: Ban) => {
    const body = sameBan(ban, serverNow());
    if (body === null) return notifyDone(bansTexts.tooLate);
    create
      .mutateAsync({ body })
      .then(() => notifyDone(bansTexts.restored(ban)))
      .catch((error: Error) => notifyError(bansTexts.failed.restore(ban), error));
  };
  return {
    created: (ban: CreatedBan) =>
      notifyUndo(bansTexts.created(ban, ban.disconnected), () =>
        liftQuietly(ban, () => notifyDone(bansTexts.lifted(ban))),
      ),
    lift: (ban: Ban) => liftQuietly(ban, () => notifyUndo(bansTexts.lifted(ban), () => restore(ban))),
  };
}
