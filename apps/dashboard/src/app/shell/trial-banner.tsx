import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { serverInfo } from '../../shared/connect/server-info.js';
import { TextLink } from '../../shared/ui/links.js';
import { shellTexts } from './texts.js';
import classes from './shell.module.css';

const refreshMs = 30_000;

/** Says that everybody may do everything, for as long as that is so. */
export function TrialBanner() {
  const { data } = useQuery({ ...serverInfo(), refetchInterval: refreshMs });
  if (data?.isOpen !== true) return null;
  return (
    <div className={classes.banner} role="status">
      <IconAlertTriangle size={18} aria-hidden />
      <span>
        {shellTexts.isOpen}{' '}
        <TextLink to="/setup" search={{ step: 'access' }} inherit>
          {shellTexts.closeAccess}
        </TextLink>
      </span>
    </div>
  );
}
