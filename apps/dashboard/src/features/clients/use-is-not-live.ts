import { useLiveState } from '../../shared/live/live-context.js';

/** True when what is shown may no longer be so, because the live feed is cut. */
export function useIsNotLive(): boolean {
  const { status } = useLiveState();
  return status === 'reconnecting' || status === 'stale' || status === 'signed-out';
}
