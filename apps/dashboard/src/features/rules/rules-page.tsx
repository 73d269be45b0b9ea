import { Page } from '../../shared/ui/page.js';

/** The Rules page. */
export function RulesPage() {
  return <Page title="Rules">{null}</Page>;
}
