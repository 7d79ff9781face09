/** AWS CLI commands for requests, quoted for POSIX shells. */
import type { Request, Result } from '../engine/types';

/** What the CLI must be given besides the parameters that decide: the request carries no payload here. */
const payloads: { [operation: string]: string[] } = {
  Encrypt: ['--plaintext fileb://plaintext.bin'],
  Decrypt: ['--ciphertext-blob fileb://ciphertext.bin'],
  ReEncrypt: ['--ciphertext-blob fileb://ciphertext.bin'],
  GenerateDataKey: ['--key-spec AES_256'],
  GenerateDataKeyWithoutPlaintext: ['--key-spec AES_256'],
};
const payloadParameters = new Set(['CiphertextBlob', 'Plaintext', 'KeySpec', 'NumberOfBytes']);

/** `aws kms …`, one flag per line. */
export function awsCommand({ operation, parameters = {} }: Request): string {
  const given = Object.entries(parameters).filter(([name, value]) => !payloadParameters.has(name) && !isEmpty(value));
  const flags = given.map(([name, value]) => `--${kebab(name)}${argument(value)}`);
  return [`aws kms ${kebab(operation)}`, ...flags, ...(payloads[operation] ?? [])].join(' \\\n  ');
}

/** What the CLI prints: the response, or the error in its words; "" when it prints nothing. */
export function awsOutput({ operation }: Request, result: Result): string {
  if (result.error) return `An error occurred (${result.error.code}) when calling the ${operation} operation: ${result.error.message}`;
  const response = result.response ?? {};
  return Object.keys(response).length > 0 ? JSON.stringify(response, null, 4) : '';
}

const isEmpty = (value: unknown) => value === null || (typeof value === 'object' && Object.keys(value).length === 0);

/** "EncryptionContext" to "encryption-context", "ListGrants" to "list-grants". */
function kebab(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase();
}

function argument(value: unknown): string {
  if (value === true) return '';
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return ` ${value.map(quoted).join(' ')}`;
  const pairs = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const short = pairs.length > 0 && pairs.every(([name, item]) => typeof item === 'string' && !/[=,\s"'[\]{}]/.test(name + item));
  if (short) return ` ${quoted(pairs.map(([name, item]) => `${name}=${item}`).join(','))}`;
  return ` ${quoted(typeof value === 'string' ? value : JSON.stringify(value))}`;
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
