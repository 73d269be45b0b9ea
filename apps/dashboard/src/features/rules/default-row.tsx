import { Button, Menu } from '@mantine/core';
import type { Effect } from '@perch/policy';
import { IconLock } from '@tabler/icons-react';
import { EffectMark } from './rule-summary.js';
import { rulesTexts } from './texts.js';
import classes from './rules.module.css';

interface DefaultRowProps {
  readonly noMatch: Effect;
  readonly isEditable: boolean;
  readonly index: number;
  readonly onChange: (effect: Effect) => void;
}

/** The locked last row: what happens when no rule applies. */
export function DefaultRow({ noMatch, isEditable, index, onChange }: DefaultRowProps) {
  return (
    <div role="rowgroup">
      <div role="row" aria-rowindex={index + 2} className={classes.defaultRow}>
        <div role="gridcell" className={classes.position}>
          <IconLock size={14} aria-hidden />
        </div>
        <div role="gridcell" data-col="effect">
          <EffectMark effect={noMatch} />
        </div>
        <div role="gridcell" className={classes.defaultText}>
          {rulesTexts.everythingElse}
          {isEditable && (
            <Menu>
              <Menu.Target>
                <Button variant="subtle" size="compact-sm">
                  {rulesTexts.changeDefault}
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                {(['deny', 'allow'] as const).map((effect) => (
                  <Menu.Item key={effect} onClick={() => onChange(effect)} aria-current={effect === noMatch}>
                    <EffectMark effect={effect} />
                  </Menu.Item>
                ))}
              </Menu.Dropdown>
            </Menu>
          )}
        </div>
      </div>
    </div>
  );
}
