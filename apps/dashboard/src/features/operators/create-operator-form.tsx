import { useState } from 'react';
import { NewPasswordInput } from '../../shared/password/new-password-input.js';
import { MIN_OPERATOR_PASSWORD } from '../../shared/password/password-length.js';
import { fieldError } from '../../shared/ui/form-problem.js';
import { notifyDone } from '../../shared/ui/notify.js';
import { NewOperatorForm } from './new-operator-form.js';
import { useCreateOperator } from './queries.js';
import { operatorsTexts } from './texts.js';

const shownFields = ['name', 'password'];

/** The form of a new operator, with the password that opens the first door. */
export function CreateOperatorForm({ onClose }: { onClose: () => void }) {
  const create = useCreateOperator();
  const [password, setPassword] = useState('');
  return (
    <NewOperatorForm
      shownFields={shownFields}
      request={create}
      isReady={password.length >= MIN_OPERATOR_PASSWORD}
      action={operatorsTexts.createSubmit}
      onSubmit={(who) => {
        const onSuccess = () => {
          notifyDone(operatorsTexts.created(who.name));
          onClose();
        };
        create.mutate({ body: { ...who, password } }, { onSuccess });
      }}
      onClose={onClose}
    >
      <NewPasswordInput
        label={operatorsTexts.password}
        minLength={MIN_OPERATOR_PASSWORD}
        value={password}
        onChange={setPassword}
        error={fieldError(create.error, 'password')}
      />
    </NewOperatorForm>
  );
}
