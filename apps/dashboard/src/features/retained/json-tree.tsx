import { Button } from '@mantine/core';
import { useState } from 'react';
import { WrittenNumber } from '../../shared/payload/exact-json.js';
import { literal } from '../../shared/ui/literal.js';
import { CopyButton } from '../../shared/ui/copy-button.js';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.drawer;

/** Levels that are open to begin with, and children painted before somebody asks for more. */
const OPEN_LEVELS = 3;
const CHILDREN_SHOWN = 200;

/** A JSON value as a tree that folds, each value with its path to copy. */
export function JsonTree({ value }: { value: unknown }) {
  return (
    <div className={classes.json}>
      <Node name={null} value={value} path="$" level={0} />
    </div>
  );
}

interface NodeProps {
  readonly name: string | null;
  readonly value: unknown;
  readonly path: string;
  readonly level: number;
}

function Node({ name, value, path, level }: NodeProps) {
  const [isOpen, setOpen] = useState(level < OPEN_LEVELS);
  if (typeof value !== 'object' || value === null || value instanceof WrittenNumber) {
    return (
      <div className={classes.leaf}>
        <Name name={name} />
        <Scalar value={value} />
        <CopyButton value={path} label={texts.copyPath(path)} />
      </div>
    );
  }
  const isList = Array.isArray(value);
  const size = isList ? value.length : Object.keys(value).length;
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Name name={name} />
        <span className={classes.dim}>{isList ? `[${size}]` : `{${size}}`}</span>
      </summary>
      {isOpen && <Children value={value} path={path} level={level + 1} />}
    </details>
  );
}

function Scalar({ value }: { value: unknown }) {
  if (value instanceof WrittenNumber) return <span data-type="number">{literal(value.text)}</span>;
  return <span data-type={value === null ? 'null' : typeof value}>{literal(JSON.stringify(value))}</span>;
}

function Children({ value, path, level }: { value: object; path: string; level: number }) {
  const [shown, setShown] = useState(CHILDREN_SHOWN);
  const isList = Array.isArray(value);
  const entries: [string, unknown][] = Object.entries(value);
  return (
    <div className={classes.children}>
      {entries.slice(0, shown).map(([key, child]) => (
        <Node
          key={key}
          name={key}
          value={child}
          path={isList ? `${path}[${key}]` : childPath(path, key)}
          level={level}
        />
      ))}
      {entries.length > shown && (
        <Button variant="default" size="compact-sm" onClick={() => setShown(shown + CHILDREN_SHOWN)}>
          {texts.more(entries.length - shown)}
        </Button>
      )}
    </div>
  );
}

function Name({ name }: { name: string | null }) {
  if (name === null) return null;
  return <span className={classes.name}>{literal(name)}: </span>;
}

/** The JSONPath of a member. */
function childPath(path: string, key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`;
}
