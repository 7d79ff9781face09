/** Links that are made, and the links that hold a whole state: what the page does not need to open at a known scenario. */
import type { Request, Step } from '../engine/types';
import { resolved, shortName } from './callers';
import * as entries from './entry';
import { scenarioNamed } from './gallery';
import { lastAsked, LinkError, longest, type Shown } from './link';
import { readEntries } from './player';
import { isScenario, isStep } from './shape';
import { valueAt } from './world';

readEntries(entries);

/** A link that would unfold to more than this is not read, whatever it says about itself. */
const mostBytes = 2_000_000;
/** Longer deeds are no shorter than the state. */
const longestDeeds = 120;

/** The fragment for what is shown: as short as what the reader did allows. Throws a LinkError when it is too large for a link. */
export async function linkTo(shown: Shown, responses: ReadonlyMap<string, unknown>): Promise<string> {
  const { name, start, steps, position, question } = shown;
  const original = start.steps ?? [];
  let kept = 0;
  while (kept < steps.length && steps[kept] === original[kept]) kept += 1;
  const known = name !== 'new' && start === (await scenarioNamed(name));
  const last = lastAsked(steps, position);
  if (known && last && question === asText(resolved(last, responses))) {
    if (steps.length === original.length && kept === steps.length) return `#s=${name}&at=${position}`;
    const asked = lastAsked(steps, kept);
    const deeds = position === steps.length ? deedsOf(steps.slice(kept), asked && resolved(asked, responses)) : undefined;
    if (deeds !== undefined && deeds.length <= longestDeeds) return `#s=${name}&at=${kept}&do=${deeds}`;
  }
  const own = steps.slice(kept);
  const state = { s: name, ...(known ? {} : { start }), kept, own, at: position, ask: question };
  const link = `#v1=${await packed(JSON.stringify(state))}`;
  if (link.length > longest) throw new LinkError('large');
  return link;
}

/** The reader's own steps as deeds, or undefined when that takes more than deeds to say. */
function deedsOf(own: readonly Step[], asked: Request | undefined): string | undefined {
  const deeds = own.map(({ request }) => {
    if (request === undefined) return undefined;
    if (asText(request) === asText(asked)) return 'ask';
    const { principal, operation, parameters: { KeyId, GrantId, ...others } = {}, ...more } = request;
    const verb = { RetireGrant: 'retire', RevokeGrant: 'revoke' }[operation];
    const plain = verb && typeof GrantId === 'string' && KeyId !== undefined && Object.keys({ ...others, ...more }).length === 0;
    return plain ? `${verb}~${GrantId.slice(0, 8)}~${encodeURIComponent(shortName(principal)).replaceAll('%2F', '/')}` : undefined;
  });
  // Names may hold what separates deeds.
  return deeds.some((deed) => deed === undefined || /%2C|~.*~.*~/.test(deed)) ? undefined : deeds.join(',');
}

const asText = (request: unknown) => JSON.stringify(request, null, 2);

async function packed(text: string): Promise<string> {
  const bytes = await bytesOf(new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw')), Infinity);
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What a "v1" link holds; throws a LinkError. */
export async function unpacked(data: string): Promise<Shown> {
  let state: unknown;
  try {
    const bytes = Uint8Array.from(atob(data.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    state = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(await bytesOf(stream, mostBytes)));
  } catch (error) {
    throw error instanceof LinkError ? error : new LinkError('damaged');
  }
  return shownIn(state);
}

/** What somebody's state shows, when it is one; throws a LinkError. */
export async function shownIn(state: unknown): Promise<Shown> {
  const name = valueAt(state, '/s');
  const own = valueAt(state, '/own');
  const kept = Number(valueAt(state, '/kept'));
  const position = Number(valueAt(state, '/at'));
  const question = valueAt(state, '/ask');
  if (typeof name !== 'string' || typeof question !== 'string' || !Array.isArray(own) || !own.every(isStep)) throw new LinkError('damaged');
  const start = valueAt(state, '/start') ?? (await scenarioNamed(name));
  if (start === undefined) throw new LinkError('unknown');
  if (!isScenario(start)) throw new LinkError('damaged');
  const steps = [...(start.steps ?? []).slice(0, kept), ...(own as Step[])];
  if (!(kept >= 0) || !(position >= 0) || position > steps.length || steps.length - own.length !== kept) throw new LinkError('damaged');
  return { name, start, steps, position, question };
}

/** Reads a stream to its end, but never more than `most` bytes. */
async function bytesOf(stream: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > most) {
      await reader.cancel();
      throw new LinkError('large');
    }
    parts.push(value);
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
