import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useId } from 'react';
import { useSession } from '../../shared/session/session.js';
import { type NavigationItem, navigationFor } from './navigation.js';
import { shellTexts } from './texts.js';
import classes from './shell.module.css';

interface PageListProps {
  readonly isNarrow: boolean;
  readonly onNavigate?: () => void;
}

/** The pages that the operator may open, in their groups. */
export function PageList({ isNarrow, onNavigate }: PageListProps) {
  const groups = navigationFor(useSession()?.permissions ?? []);
  const id = useId();
  return (
    <nav aria-label={shellTexts.pages}>
      {groups.map((group, index) => (
        <div key={group.label} className={classes.group}>
          {isNarrow ? (
            index > 0 && <hr className={classes.narrowRule} />
          ) : (
            <p className={classes.groupLabel} id={`${id}-${index}`}>
              {group.label}
            </p>
          )}
          <ul
            className={classes.list}
            aria-label={isNarrow ? group.label : undefined}
            aria-labelledby={isNarrow ? undefined : `${id}-${index}`}
          >
            {group.items.map((item) => (
              <li key={item.to}>
                <PageLink item={item} isNarrow={isNarrow} onNavigate={onNavigate} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function PageLink({ item, isNarrow, onNavigate }: { item: NavigationItem } & PageListProps) {
  const Icon = item.icon;
  return (
    <Tooltip label={item.label} position="right" disabled={!isNarrow}>
      <Link
        to={item.to}
        className={classes.link}
        activeOptions={{ exact: item.to === '/' || item.to === '/settings', includeSearch: false }}
        aria-label={isNarrow ? item.label : undefined}
        onClick={onNavigate}
      >
        <Icon size={18} stroke={1.7} aria-hidden />
        {!isNarrow && item.label}
      </Link>
    </Tooltip>
  );
}

/** The list of pages at the left, 224 px wide or 56 px with icons only. */
export function Sidebar({ isNarrow, onToggle }: { isNarrow: boolean; onToggle: () => void }) {
  const Icon = isNarrow ? IconLayoutSidebarLeftExpand : IconLayoutSidebarLeftCollapse;
  const label = isNarrow ? shellTexts.expand : shellTexts.collapse;
  return (
    <div className={classes.side}>
      <PageList isNarrow={isNarrow} />
      <Tooltip label={label} position="right">
        <ActionIcon
          variant="subtle"
          color="gray"
          size={36}
          mx={isNarrow ? 'auto' : 2}
          onClick={onToggle}
          aria-label={label}
        >
          <Icon size={18} stroke={1.7} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
