import { ActionIcon, Menu } from '@mantine/core';
import { IconBan, IconBellOff, IconDevices, IconDots, IconPlus, IconScale } from '@tabler/icons-react';
import { useRouter } from '@tanstack/react-router';
import type { Refusal } from '../../shared/api/generated/types.gen.js';
import { reportError } from '../../shared/report-error.js';
import { usePermission } from '../../shared/session/session.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { isJudged, questionOf } from './reason.js';
import { deniedTexts } from './texts.js';

const icon = { size: 16, 'aria-hidden': true } as const;

interface DeniedMenuProps {
  readonly refusal: Refusal;
  /** The refusal in a few words. */
  readonly what: string;
  readonly onMute: (key: string) => void;
}

/** What else can be done about a refusal. */
export function DeniedMenu({ refusal, what, onMute }: DeniedMenuProps) {
  const router = useRouter();
  const mayWriteRules = usePermission('policy:write');
  const mayBan = usePermission('clients:write');
  const { clientId, address, key } = refusal;
  const toRules = (propose?: 'allow') => {
    router.navigate({ to: '/access/rules', search: questionOf(refusal, propose) }).catch(reportError);
  };
  const ban = (kind: 'clientid' | 'ipaddr', value: string) => {
    router.navigate({ to: '/access/bans', search: { new: kind, value } }).catch(reportError);
  };
  const showClient = (c: string) => {
    router.navigate({ to: '/clients', search: { c } }).catch(reportError);
  };
  const mute = () => {
    onMute(key);
    notifyDone(deniedTexts.mutedDone);
  };
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={28} aria-label={deniedTexts.more(what)}>
          <IconDots {...icon} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {isJudged(refusal) && (
          <Menu.Item leftSection={<IconScale {...icon} />} onClick={() => toRules()}>
            {deniedTexts.tryIt}
          </Menu.Item>
        )}
        {isJudged(refusal) && mayWriteRules && (
          <Menu.Item leftSection={<IconPlus {...icon} />} onClick={() => toRules('allow')}>
            {deniedTexts.create}
          </Menu.Item>
        )}
        {clientId !== null && (
          <Menu.Item leftSection={<IconDevices {...icon} />} onClick={() => showClient(clientId)}>
            {deniedTexts.openClient}
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconBellOff {...icon} />} onClick={mute}>
          {deniedTexts.mute}
        </Menu.Item>
        {mayBan && (clientId !== null || address !== null) && <Menu.Divider />}
        {mayBan && clientId !== null && (
          <Menu.Item color="danger" leftSection={<IconBan {...icon} />} onClick={() => ban('clientid', clientId)}>
            {deniedTexts.ban}
          </Menu.Item>
        )}
        {mayBan && address !== null && (
          <Menu.Item color="danger" leftSection={<IconBan {...icon} />} onClick={() => ban('ipaddr', address)}>
            {deniedTexts.banAddress}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
