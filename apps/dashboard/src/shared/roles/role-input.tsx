import { Radio, Stack } from '@mantine/core';
import type { Operator } from '../api/generated/types.gen.js';
import { roleTexts } from './texts.js';

/** What an operator or an API key may do. */
export type Role = Operator['role'];

const roles: readonly Role[] = ['viewer', 'operator', 'admin'];

/** Chooses a role, each with what it may do. */
export function RoleInput({ value, onChange }: { value: Role; onChange: (role: Role) => void }) {
  const choose = (chosen: string) => {
    const role = roles.find((each) => each === chosen);
    if (role) onChange(role);
  };
  return (
    <Radio.Group label={roleTexts.role} value={value} onChange={choose}>
      <Stack gap="xs" mt={6}>
        {roles.map((role) => (
          <Radio key={role} value={role} label={roleTexts.roles[role].label} description={roleTexts.roles[role].may} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
