import { OverviewPage } from '../features/overview/overview-page.js';
import { SetupChecklist } from '../features/setup/setup-checklist.js';

/** The overview, with what is left of the set-up above it. */
export function OverviewWithSetup() {
  return (
    <>
      <SetupChecklist />
      <OverviewPage />
    </>
  );
}
