import { Text } from '@mantine/core';
import { useState } from 'react';
import type { SnippetLogin } from '../../shared/connect/snippets.js';
import { Gate } from '../../shared/ui/gate.js';
import { AccessStep } from './access-step.js';
import { BrokerStep } from './broker-step.js';
import { ConnectStep } from './connect-step.js';
import { type SetupStep, setupSteps } from './search.js';
import { setupTexts } from './texts.js';
import { UserStep } from './user-step.js';

interface SetupWizardProps {
  readonly step: SetupStep;
  readonly onStep: (step: SetupStep) => void;
}

/** What follows the first operator: the broker's name, access, a first user, and a first client. */
export function SetupWizard({ step, onStep }: SetupWizardProps) {
  // Only in memory: a password is shown this one time.
  const [login, setLogin] = useState<SnippetLogin | null>(null);
  const next = () => onStep(setupSteps[setupSteps.indexOf(step) + 1] ?? 'connect');
  return (
    <Gate title={setupTexts.stepTitles[step]} wide>
      <Text size="sm" c="dimmed">
        {setupTexts.stepOf(setupSteps.indexOf(step) + 2, setupSteps.length + 1)}
      </Text>
      {step === 'broker' && <BrokerStep onDone={next} />}
      {step === 'access' && <AccessStep onDone={next} />}
      {step === 'user' && <UserStep created={login} onCreated={setLogin} onDone={next} />}
      {step === 'connect' && <ConnectStep login={login} />}
    </Gate>
  );
}
