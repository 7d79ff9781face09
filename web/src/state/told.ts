/** Messages of AWS KMS that are no denials with names in them: what they tell about the request and the key. */
export interface Told {
  /** The sentence that explains it. */
  kind: 'Disabled' | 'PendingDeletion' | 'PendingImport' | 'keyUsage' | 'notFound' | 'hidden';
  operation?: string;
  /** The key's ARN, where the message has it. */
  key?: string;
  /** Fields of the key's metadata that follow. */
  metadata: { [field: string]: string };
}

const keyArn = /arn:aws[\w-]*:kms:[\w-]+:\d{12}:key\/[\w-]+/;

/** What a message tells; undefined for texts that tell nothing about a request. */
export function told(text: string): Told | undefined {
  const [key] = keyArn.exec(text) ?? [];
  const [, called] = /when calling the (\w+) operation/.exec(text) ?? [];
  // Lambda decrypts the variables of its functions; nothing else is behind its message.
  const operation = called ?? (/Lambda was unable to decrypt/.test(text) ? 'Decrypt' : undefined);
  const about = { ...(operation ? { operation } : {}), ...(key ? { key } : {}) };
  const state = /\bis disabled\b/.test(text) ? 'Disabled' : /\bis pending deletion\b/.test(text) ? 'PendingDeletion' : /\bis pending import\b/.test(text) ? 'PendingImport' : undefined;
  if (state && key) return { kind: state, ...about, metadata: { KeyState: state } };
  const [, usage, asked] = /key usage is (\w+) which is not valid for (\w+)/.exec(text) ?? [];
  if (usage && key) return { kind: 'keyUsage', operation: asked ?? '', key, metadata: { KeyUsage: usage } };
  if (key && /\bdoes not exist\b/.test(text)) return { kind: 'notFound', ...about, metadata: {} };
  if (/ciphertext refers to a customer master key that does not exist/.test(text)) return { kind: 'hidden', ...about, metadata: {} };
  return undefined;
}
