import { Button } from '@mantine/core';
import type { Effect } from '@perch/policy';
import { IconListCheck } from '@tabler/icons-react';
import type { Dispatch } from 'react';
import { EmptyState } from '../../shared/ui/states.js';
import type { DraftAction } from './draft.js';
import { templates } from './templates.js';
import { rulesTexts } from './texts.js';
import classes from './rules.module.css';

interface RulesEmptyProps {
  readonly noMatch: Effect;
  readonly isEditable: boolean;
  readonly dispatch: Dispatch<DraftAction>;
  readonly onImport: () => void;
}

/** What an empty policy means, and what to begin with. */
export function RulesEmpty({ noMatch, isEditable, dispatch, onImport }: RulesEmptyProps) {
  const { title, text } = rulesTexts.empty;
  return (
    <EmptyState icon={IconListCheck} title={title[noMatch]}>
      {text}
      {isEditable && (
        <>
          <div className={classes.templates}>
            {templates.map((template) => (
              <button
                key={template.name}
                type="button"
                onClick={() => dispatch({ type: 'insert', at: 0, rules: template.rules() })}
              >
                <strong>{template.name}</strong>
                <span>{template.text}</span>
              </button>
            ))}
          </div>
          <Button variant="default" onClick={onImport}>
            {rulesTexts.importing.title}
          </Button>
        </>
      )}
    </EmptyState>
  );
}
