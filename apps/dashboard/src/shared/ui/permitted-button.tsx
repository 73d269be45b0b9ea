import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Permission, usePermission } from '../session/session.js';
import { uiTexts } from './texts.js';

interface PermittedButtonProps extends ButtonProps {
  readonly permission: Permission;
  readonly onClick: () => void;
  readonly children: ReactNode;
  /** Why it cannot be used now, when it is not the permission. */
  readonly disabledReason?: string | null;
}

/** A button that says which permission, or what else, is missing, instead of failing or hiding. */
export function PermittedButton({ permission, onClick, disabledReason = null, ...button }: PermittedButtonProps) {
  const isPermitted = usePermission(permission);
  const reason = isPermitted ? disabledReason : uiTexts.disabledReason(permission);
  if (reason === null) return <Button {...button} onClick={onClick} />;
  return (
    <Tooltip label={reason} events={{ hover: true, focus: true, touch: true }}>
      <Button {...button} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
