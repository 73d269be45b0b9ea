import classes from './test-client.module.css';

/** Further ones repeat. */
const COLOURS = 6;

/** The colour by which the messages of a filter are told apart; their filter stands in their details, too. */
export function FilterSwatch({ colour }: { colour: number | undefined }) {
  return (
    <span className={classes.swatch} data-colour={colour === undefined ? undefined : colour % COLOURS} aria-hidden />
  );
}
