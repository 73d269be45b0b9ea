import { ActionIcon } from '@mantine/core';
import { IconMenu2, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { serverInfo } from '../../shared/connect/server-info.js';
import { AccountMenu } from './account-menu.js';
import { LivePill } from './live-pill.js';
import { commandKey } from './shortcut-sheet.js';
import { shellTexts } from './texts.js';
import { ThemeToggle } from './theme-toggle.js';
import classes from './shell.module.css';

interface HeaderProps {
  readonly onOpenPages: () => void;
  readonly onOpenPalette: () => void;
  readonly onShowShortcuts: () => void;
}

/** The bar above every page: which broker this is, the palette, how live the data is, theme and account. */
export function Header({ onOpenPages, onOpenPalette, onShowShortcuts }: HeaderProps) {
  return (
    <header className={classes.header}>
      <ActionIcon
        className={classes.burger}
        variant="subtle"
        color="gray"
        size={36}
        onClick={onOpenPages}
        aria-label={shellTexts.openPages}
      >
        <IconMenu2 size={20} aria-hidden />
      </ActionIcon>
      <Link
        to="/"
        className={classes.brand}
        aria-label={`${shellTexts.product}, ${shellTexts.toOverview.toLowerCase()}`}
      >
        <img src="/favicon.svg" alt="" width={24} height={24} />
        <span className={classes.brandName}>{shellTexts.product}</span>
        <BrokerName />
      </Link>
      <button type="button" className={classes.search} onClick={onOpenPalette} aria-label={shellTexts.searchLabel}>
        <IconSearch size={16} aria-hidden />
        <span>{shellTexts.search}</span>
        <kbd>{commandKey} K</kbd>
      </button>
      <LivePill />
      <ThemeToggle />
      <AccountMenu onShowShortcuts={onShowShortcuts} />
    </header>
  );
}

/** Which broker this is: operators of several tell their tabs apart by it. */
function BrokerName() {
  const { data } = useQuery(serverInfo());
  return <span className={classes.node}>{data?.name}</span>;
}
