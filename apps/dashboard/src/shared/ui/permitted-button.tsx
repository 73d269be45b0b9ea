import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Permission, usePermission } from '../session/session.js';
import { uiTexts } from './texts.js';

interface PermittedButtonProps extends ButtonProps {
  readonly permission: Permission;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

/** A button that says which permission is missing, instead of failing or hiding. */
export function PermittedButton({ permission, onClick, ...button }: PermittedButtonProps) {
  const isPermitted = usePermission(permission);
  if (isPermitted) return <Button {...button} onClick={onClick} />;
  return (
    <Tooltip label={uiTexts.disabledReason(permission)} events={{ hover: true, focus: true, touch: true }}>
      <Button {...button} data-disabled aria-disabled onClick={(event) => event.preventDefault()} />
    </Tooltip>
  );
}
