import { Text } from '@mantine/core';
import { useState } from 'react';
import { retainedTexts } from './texts.js';
import classes from './retained.module.css';

const texts = retainedTexts.drawer;

/** The payload, which travelled as base64, as a picture: nothing but pixels, it runs no script and loads nothing. */
export function PayloadImage({ payload, type }: { payload: string; type: string }) {
  const [size, setSize] = useState<string | null>(null);
  const [isBroken, setBroken] = useState(false);
  if (isBroken) return <Text c="dimmed">{texts.brokenImage(type)}</Text>;
  return (
    <figure className={classes.image}>
      <img
        // The content security policy lets images be data, on purpose.
        src={`data:${type};base64,${payload}`}
        alt={texts.imageAlt}
        onError={() => setBroken(true)}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => setSize(`${naturalWidth} × ${naturalHeight}`)}
      />
      <figcaption>{size === null ? type : `${type}, ${size}`}</figcaption>
    </figure>
  );
}
