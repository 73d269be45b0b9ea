import type { ComponentProps } from 'react';
import classes from './row-button.module.css';

/**
 * A button that is an icon, for the rows of a long table: bare, because what a kit's button and its tooltip cost is most of
 * what such a row costs to show.
 */
export function RowButton({ 'aria-label': label, ...props }: ComponentProps<'button'> & { 'aria-label': string }) {
  return <button type="button" className={classes.button} title={label} aria-label={label} {...props} />;
}
