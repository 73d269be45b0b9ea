import { Alert, Stack, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { literal } from './literal.js';
import { CopyButton } from './copy-button.js';
import classes from './secret-once.module.css';

interface SecretOnceProps {
  readonly title: string;
  /** Why it has to be kept now. */
  readonly hint: string;
  readonly secrets: readonly { readonly label: string; readonly value: string }[];
}

/** Secrets that are shown this one time, ready to copy. */
export function SecretOnce({ title, hint, secrets }: SecretOnceProps) {
  return (
    <Alert
      color="online"
      variant="light"
      icon={<IconKey aria-hidden />}
      title={literal(title)}
      role="status"
      className={classes.once}
    >
      <Stack gap="xs">
        <Text size="sm">{hint}</Text>
        <dl className={classes.secrets}>
          {secrets.map(({ label, value }) => (
            <div key={label} className={classes.secret}>
              <dt>{literal(label)}</dt>
              <dd>
                <span className={classes.value}>{value}</span>
                <CopyButton value={value} label={label} />
              </dd>
            </div>
          ))}
        </dl>
      </Stack>
    </Alert>
  );
}
