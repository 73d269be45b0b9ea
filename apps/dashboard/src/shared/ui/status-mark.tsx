import {
  IconAlertTriangleFilled,
  IconBan,
  IconCheck,
  IconCircle,
  IconCircleDashed,
  IconCircleFilled,
  type IconProps,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import classes from './status-mark.module.css';

const marks = {
  online: { icon: IconCircleFilled, tone: 'online' },
  offline: { icon: IconCircle, tone: 'muted' },
  gone: { icon: IconCircleDashed, tone: 'muted' },
  allow: { icon: IconCheck, tone: 'online' },
  deny: { icon: IconBan, tone: 'danger' },
  warning: { icon: IconAlertTriangleFilled, tone: 'warning' },
  neutral: { icon: IconCircle, tone: 'muted' },
} satisfies Record<string, { icon: ComponentType<IconProps>; tone: string }>;

/** The states that have a mark. */
export type MarkKind = keyof typeof marks;

const tiny: ReadonlySet<MarkKind> = new Set(['online', 'offline', 'gone', 'neutral']);

/** A state as shape, colour and word together: colour is never the only sign. */
export function StatusMark({ kind, children }: { kind: MarkKind; children: string }) {
  const { icon: Icon, tone } = marks[kind];
  return (
    <span className={classes.mark} data-tone={tone}>
      <Icon size={tiny.has(kind) ? 10 : 14} aria-hidden />
      {children}
    </span>
  );
}
