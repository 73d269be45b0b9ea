import { Anchor, type AnchorProps, Button, type ButtonProps } from '@mantine/core';
import { createLink } from '@tanstack/react-router';
import type { AnchorHTMLAttributes, Ref } from 'react';
import { literal } from './literal.js';

type Plain<Props> = Props &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof Props> & { readonly ref?: Ref<HTMLAnchorElement> };

function PlainButton({ children, ...props }: Plain<ButtonProps>) {
  return (
    <Button component="a" {...props}>
      {literal(children)}
    </Button>
  );
}

function PlainAnchor({ children, ...props }: Plain<AnchorProps>) {
  return (
    <Anchor component="a" {...props}>
      {literal(children)}
    </Anchor>
  );
}

/** A link within the dashboard that looks like a button; its address is checked against the routes. */
export const LinkButton = createLink(PlainButton);

/** A link within the dashboard; its address is checked against the routes. */
export const TextLink = createLink(PlainAnchor);
