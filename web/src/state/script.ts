/** What happened as a shell script. It asks first: --dry-run tells whether a call would be allowed, and changes nothing. */
import type { Request } from '../engine/types';
import { shortName } from './callers';
import { awsCommand } from './cli';

/** The operations whose API has DryRun. */
const dry = new Set([
  'CreateGrant', 'Decrypt', 'DeriveSharedSecret', 'Encrypt', 'GenerateDataKey', 'GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext',
  'GenerateDataKeyWithoutPlaintext', 'GenerateMac', 'ReEncrypt', 'RetireGrant', 'RevokeGrant', 'Sign', 'Verify', 'VerifyMac',
]); // prettier-ignore
const reads = /^(Describe|Get|List)/;

/** `made` are grant ids that the evaluator made up: in AWS they will be others. */
export function scriptOf(requests: readonly Request[], made: ReadonlySet<string>): string {
  const calls = requests.map((request) => {
    const { principal, operation, parameters } = request;
    const command = awsCommand(request);
    const lines = [`# ${operation} as ${shortName(principal)}`];
    if (made.has(String(parameters?.['GrantId']))) lines.push('# This grant id was made by the playground: take yours from create-grant or list-grants.');
    if (dry.has(operation)) lines.push(`${command} \\\n  $DRY_RUN`);
    else if (reads.test(operation)) lines.push(command);
    else lines.push('# There is no --dry-run for it, so it waits until the script is to change something.', `[ -n "$DRY_RUN" ] || ${command}`);
    return lines.join('\n');
  });
  return `#!/bin/sh
# Made by the KMS Grants Playground. Each call needs the credentials of its principal: choose a profile with AWS_PROFILE.
# As it is, the script changes nothing: a DryRunOperationException means that the call would succeed.
# To carry it out: DRY_RUN= sh ./kms-playground.sh
DRY_RUN=\${DRY_RUN---dry-run}

${calls.join('\n\n')}
`;
}
