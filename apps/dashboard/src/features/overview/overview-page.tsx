import { Page } from '../../shared/ui/page.js';

/** The Overview page. */
export function OverviewPage() {
  return <Page title="Overview">{null}</Page>;
}
