import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { type Permission, usePermission } from '../session/session.js';
import { uiTexts } from './texts.js';

interface GuardedButtonProps extends ButtonProps {
  readonly permission: Permission;
  readonly onClick: () => void;
  readonly children: ReactNode;
  /** Another reason why it cannot be used now. */
  readonly disabledReason?: string | null;
}

/** A button that needs a permission: without it it stays focusable, does nothing and says why. */
export function GuardedButton({ permission, onClick, children, disabledReason = null, ...rest }: GuardedButtonProps) {
  const isPermitted = usePermission(permission);
  const reason = isPermitted ? disabledReason : uiTexts.disabledReason(permission);
  return (
    <Tooltip label={reason} disabled={reason === null} events={{ hover: true, focus: true, touch: true }}>
      <Button
        {...rest}
        data-disabled={reason !== null || undefined}
        aria-disabled={reason !== null}
        onClick={() => reason === null && onClick()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
