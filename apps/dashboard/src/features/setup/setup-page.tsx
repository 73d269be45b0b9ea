import { Page } from '../../shared/ui/page.js';

/** The Setup page. */
export function SetupPage() {
  return <Page title="Setup">{null}</Page>;
}
