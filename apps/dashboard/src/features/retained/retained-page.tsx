import { Page } from '../../shared/ui/page.js';

/** The Retained page. */
export function RetainedPage() {
  return <Page title="Retained">{null}</Page>;
}
