import { Checkbox, Group, MultiSelect, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import type { JwtAuthenticator } from '../../shared/api/generated/types.gen.js';
import { algorithmsFor, type JwtKey, newKey } from './access-draft.js';
import { Choice, Whole } from './hook-fields.js';
import { SecretInput } from './secret-input.js';
import { settingsTexts } from './texts.js';

const texts = settingsTexts.jwt;

interface JwtFieldsProps {
  readonly jwt: JwtAuthenticator;
  readonly onChange: (change: Partial<JwtAuthenticator>) => void;
}

/** What a token has to be, and what its claims mean. */
export function JwtFields({ jwt, onChange }: JwtFieldsProps) {
  const changeKind = (kind: JwtKey['kind']) =>
    onChange({ key: newKey(kind), algorithms: algorithmsFor[kind].slice(0, 1) });
  return (
    <Stack>
      <Choice label={texts.from} choices={texts.fromKinds} value={jwt.from} onChange={(from) => onChange({ from })} />
      <Choice label={texts.key} choices={texts.keyKinds} value={jwt.key.kind} onChange={changeKind} />
      <KeyFields jwtKey={jwt.key} onChange={(key) => onChange({ key })} />
      <MultiSelect
        label={texts.algorithms}
        description={texts.algorithmsHint}
        data={algorithmsFor[jwt.key.kind]}
        value={jwt.algorithms}
        onChange={(algorithms) => onChange({ algorithms })}
        error={jwt.algorithms.length === 0}
      />
      <ClaimFields jwt={jwt} onChange={onChange} />
    </Stack>
  );
}

function KeyFields({ jwtKey, onChange }: { jwtKey: JwtKey; onChange: (key: JwtKey) => void }) {
  if (jwtKey.kind === 'secret') {
    return (
      <>
        <SecretInput
          label={texts.secret}
          description={texts.secretHint}
          secret={jwtKey.secret}
          onChange={(secret) => onChange({ ...jwtKey, secret })}
        />
        <Checkbox
          label={texts.base64}
          checked={jwtKey.encoding === 'base64'}
          onChange={(event) => onChange({ ...jwtKey, encoding: event.currentTarget.checked ? 'base64' : 'text' })}
        />
      </>
    );
  }
  if (jwtKey.kind === 'pem') {
    return (
      <Textarea
        label={texts.pem}
        value={jwtKey.pem}
        onChange={(event) => onChange({ ...jwtKey, pem: event.currentTarget.value })}
        placeholder={texts.pemExample}
        classNames={{ input: 'perch-mono' }}
        autosize
        minRows={4}
        maxRows={12}
      />
    );
  }
  return (
    <>
      <TextInput
        label={texts.jwks}
        description={texts.jwksHint}
        type="url"
        value={jwtKey.url}
        onChange={(event) => onChange({ ...jwtKey, url: event.currentTarget.value.trim() })}
        placeholder="https://id.example.com/.well-known/jwks.json"
        classNames={{ input: 'perch-mono' }}
        required
        withAsterisk={false}
      />
      <Group grow align="start">
        <Whole
          label={texts.refresh}
          min={10}
          max={86_400}
          value={jwtKey.refreshSeconds}
          onChange={(refreshSeconds) => onChange({ ...jwtKey, refreshSeconds })}
        />
        <Whole
          label={texts.stale}
          min={0}
          max={604_800}
          value={jwtKey.staleSeconds}
          onChange={(staleSeconds) => onChange({ ...jwtKey, staleSeconds })}
        />
      </Group>
    </>
  );
}

function ClaimFields({ jwt, onChange }: JwtFieldsProps) {
  return (
    <>
      <TextInput
        label={texts.issuer}
        description={texts.issuerHint}
        value={jwt.issuer ?? ''}
        onChange={(event) => onChange({ issuer: orNull(event.currentTarget.value) })}
      />
      <TagsInput
        label={texts.audiences}
        description={texts.audiencesHint}
        value={jwt.audiences}
        onChange={(audiences) => onChange({ audiences })}
      />
      <TextInput
        label={texts.username}
        description={texts.usernameHint}
        value={jwt.usernameClaim}
        onChange={(event) => onChange({ usernameClaim: event.currentTarget.value })}
        required
        withAsterisk={false}
      />
      <Checkbox
        label={texts.mustMatch}
        checked={jwt.mustMatchUsername}
        onChange={(event) => onChange({ mustMatchUsername: event.currentTarget.checked })}
      />
      <TextInput
        label={texts.clientId}
        description={texts.clientIdHint}
        value={jwt.clientIdClaim ?? ''}
        onChange={(event) => onChange({ clientIdClaim: orNull(event.currentTarget.value) })}
      />
      <TextInput
        label={texts.labels}
        value={jwt.labelsClaim ?? ''}
        onChange={(event) => onChange({ labelsClaim: orNull(event.currentTarget.value) })}
      />
      <TextInput
        label={texts.acl}
        description={texts.aclHint}
        value={jwt.aclClaim ?? ''}
        onChange={(event) => onChange({ aclClaim: orNull(event.currentTarget.value) })}
      />
      <Whole
        label={texts.leeway}
        min={0}
        max={300}
        value={jwt.leewaySeconds}
        onChange={(leewaySeconds) => onChange({ leewaySeconds })}
      />
      <Checkbox
        label={texts.requireExpiry}
        checked={jwt.requireExpiry}
        onChange={(event) => onChange({ requireExpiry: event.currentTarget.checked })}
      />
    </>
  );
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
