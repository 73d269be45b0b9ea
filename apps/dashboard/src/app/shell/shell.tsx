import { Drawer } from '@mantine/core';
import { useDisclosure, useHotkeys, useLocalStorage } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { useRouter } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { LiveProvider } from '../../shared/live/live-context.js';
import type { LiveFeed } from '../../shared/live/live-feed.js';
import { createLiveFeed } from '../../shared/live/perch-source.js';
import { reportError } from '../../shared/report-error.js';
import { useSession } from '../../shared/session/session.js';
import { useAppearance } from '../../shared/ui/appearance.js';
import { uiTexts } from '../../shared/ui/texts.js';
import { Header } from './header.js';
import { navigationFor } from './navigation.js';
import { PageOutlet } from './page-outlet.js';
import { ShortcutSheet } from './shortcut-sheet.js';
import { PageList, Sidebar } from './sidebar.js';
import { StaySignedIn } from './stay-signed-in.js';
import { shellTexts } from './texts.js';
import { TrialBanner } from './trial-banner.js';
import { UnreachableBanner } from './unreachable-banner.js';
import { useSessionEnd } from './use-session-end.js';
import { useShortcuts } from '../../shared/keyboard/use-shortcuts.js';
import { useUndoKey } from '../../shared/keyboard/use-undo-key.js';
import classes from './shell.module.css';

const CommandPalette = lazy(() =>
  import('./command-palette.js').then((module) => ({ default: module.CommandPalette })),
);

let tabFeed: LiveFeed | undefined;

/** The live connection of this tab: made once, opened and closed with the shell. */
function liveFeedOfTab(): LiveFeed {
  tabFeed ??= createLiveFeed();
  return tabFeed;
}

/** The frame around every page of somebody who is signed in, and the live connection they share. */
export function Shell() {
  return (
    <LiveProvider feed={liveFeedOfTab()}>
      <Frame />
    </LiveProvider>
  );
}

function Frame() {
  const [isNarrow, setNarrow] = useLocalStorage({
    key: 'perch-sidebar-narrow',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [isPaletteLoaded, setPaletteLoaded] = useState(false);
  const [areKeysShown, keys] = useDisclosure(false);
  const [arePagesShown, pages] = useDisclosure(false);
  const openPalette = () => {
    setPaletteLoaded(true);
    spotlight.open();
  };
  useHotkeys([['mod+K', openPalette]], []);
  useShortcuts({ ...useGoTo(), '?': keys.open, '/': focusFilter });
  useUndoKey();
  useSessionEnd();
  useAppearance();
  return (
    <div className={classes.shell} data-narrow={isNarrow}>
      <a className={classes.skip} href="#main">
        {shellTexts.skip}
      </a>
      <Header onOpenPages={pages.open} onOpenPalette={openPalette} onShowShortcuts={keys.open} />
      <Sidebar isNarrow={isNarrow} onToggle={() => setNarrow(!isNarrow)} />
      <main id="main" tabIndex={-1} className={classes.main}>
        <UnreachableBanner />
        <TrialBanner />
        <PageOutlet />
      </main>
      <Drawer
        opened={arePagesShown}
        onClose={pages.close}
        position="left"
        size={264}
        title={shellTexts.pages}
        closeButtonProps={{ 'aria-label': shellTexts.closePages }}
      >
        <PageList isNarrow={false} onNavigate={pages.close} />
      </Drawer>
      <StaySignedIn />
      <ShortcutSheet opened={areKeysShown} onClose={keys.close} />
      <Suspense fallback={<span role="status" aria-label={uiTexts.loading} />}>
        {isPaletteLoaded && <CommandPalette onShowShortcuts={keys.open} />}
      </Suspense>
    </div>
  );
}

function useGoTo(): Record<string, () => void> {
  const router = useRouter();
  const items = navigationFor(useSession()?.permissions ?? []).flatMap((group) => group.items);
  return Object.fromEntries(
    items.map(({ key, to }) => [
      `g ${key}`,
      () => {
        router.navigate({ to }).catch(reportError);
      },
    ]),
  );
}

function focusFilter(): void {
  document.querySelector<HTMLInputElement>('#main [data-filter-input]')?.focus();
}
