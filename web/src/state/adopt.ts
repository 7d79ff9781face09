/**
 * In an empty start the page knows no key. A pasted grant list or key policy says which key and account it is about, and a grant says
 * who might ask: taking that over saves typing, and a wrong account would give wrong answers.
 */
import type { Scenario } from '../engine/engine';
import { asCaller } from './callers';
import { isPlaceholder } from './gallery';
import { grantsOf, parsed, valueAt, valueOf } from './world';

/** The changes and the question, with what the pasted documents tell. What the reader has chosen is never replaced. */
export function adopt(changes: { [pointer: string]: unknown }, world: Scenario, question: string) {
  const current = String(valueAt(world, '/keys/0/metadata/Arn') ?? '');
  const asked = parsed(question) as { principal?: string; parameters?: { KeyId?: string; EncryptionContext?: object } } | undefined;
  let request = asked;
  let adopted = { ...changes };

  const grants = changes['/keys/0/grants'];
  const [grant] = typeof grants === 'string' ? grantsOf({ metadata: { Arn: '' }, grants: valueOf('grants', grants) }) : [];
  const policy = changes['/keys/0/policy'];
  const account = typeof policy === 'string' ? /"(?:arn:aws[\w-]*:iam::)?(\d{12})(?::|")/.exec(policy)?.[1] : undefined;
  const listed = grant?.KeyId;

  const typed = valueAt(parsed(String(changes['/keys/0'] ?? '')), '/metadata/Arn');
  let arn = String(changes['/keys/0/metadata/Arn'] ?? typed ?? current);
  if (listed?.startsWith('arn:')) arn = listed;
  else if (account !== undefined && isPlaceholder(arn) && parsed(String(policy)) !== undefined) {
    arn = arn.replace(/:\d{12}:/, `:${account}:`);
  }
  if (arn !== current) {
    if (arn !== typed) adopted = { ...adopted, '/keys/0/metadata/Arn': arn };
    if (request?.parameters?.KeyId === current) request = { ...request, parameters: { ...request.parameters, KeyId: arn } };
  }
  if (grant && request && request.principal === '') {
    const given = request.parameters?.EncryptionContext;
    const { EncryptionContextEquals, EncryptionContextSubset } = (grant.Constraints ?? {}) as { [name: string]: object };
    request = {
      ...request,
      principal: asCaller(grant.GranteePrincipal ?? ''),
      parameters: { ...request.parameters, EncryptionContext: given && Object.keys(given).length > 0 ? given : (EncryptionContextEquals ?? EncryptionContextSubset ?? {}) } as object,
    };
  }
  return { changes: adopted, question: request === asked ? question : JSON.stringify(request, null, 2) };
}
