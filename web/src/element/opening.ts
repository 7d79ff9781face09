/** What an element shows at first: from its attributes, or from the documents among its children. */
import type { Scenario } from '../engine/types';
import { adopt } from '../state/adopt';
import { asCaller, ownerOf } from '../state/callers';
import { emptyStart, openingOf, scenarioNamed, storyName } from '../state/gallery';
import { LinkError, readLink, type Shown } from '../state/link';
import { isScenario } from '../state/shape';
import type { Store } from '../state/store';
import { parsed, valueAt, withValue } from '../state/world';
import type { Failure, KmsPlayground } from './element';

/** Why nothing can be shown. */
export class Failed extends Error {
  /** Where the full playground shows it. */
  link?: string;
  constructor(
    readonly reason: Failure,
    message: string,
  ) {
    super(message);
  }
}

/** Opens in a store what an element asks for. */
export type Opening = (store: Store) => void;

/** The documents that children may hold, by their `slot`. */
const slots = ['key-policy', 'iam', 'grants', 'request'] as const;

/** Whether an element says by itself what to show; elements that do not follow those with the same store that do. */
export function saysWhat(host: KmsPlayground): boolean {
  return host.given !== undefined || host.hasAttribute('scenario') || host.hasAttribute('state') || host.hasAttribute('lesson') || documentsIn(host).length > 0;
}

/** Throws a Failed when it cannot be shown. */
export async function openingFor(host: KmsPlayground): Promise<Opening> {
  const step = /^\d{1,4}$/.test(host.step) ? Number(host.step) : undefined;
  const openScenario = (name: string, scenario: Scenario): Opening => {
    const most = scenario.steps?.length ?? 0;
    return (store) => store.open(name, scenario, Math.min(step ?? openingOf(scenario), most));
  };
  if (host.given) {
    if (!isScenario(host.given)) throw new Failed('scenario', 'the value is no scenario');
    return openScenario('new', host.given);
  }
  if (host.state) return linkOpening(host.state, step);
  const { scenario: name } = host;
  if (name === '' && documentsIn(host).length > 0) {
    const shown = shownIn(host);
    return (store) => store.restore(shown);
  }
  if (name === '' && host.lesson === '') refuseStrays(host);
  const known = name === '' ? storyName : name;
  const scenario = /^[\w-]+$/.test(known) ? await scenarioNamed(known) : await fetched(known);
  if (!scenario) throw new Failed('scenario', `there is no scenario "${known}"`);
  return openScenario(/^[\w-]+$/.test(known) ? known : 'file', scenario);
}

/** What a link shows; `step` wins over the moment in it. Throws a Failed when it cannot be read. */
export async function linkOpening(state: string, step: number | undefined): Promise<Opening> {
  try {
    const link = await readLink(state.slice(state.indexOf('#') + 1));
    if (link.to === 'shown') return (store) => (store.restore(link.shown), step !== undefined && store.walk(step));
    if (link.to === 'new') return (store) => store.open('new', emptyStart, 0);
    if (link.to !== 'scenario') throw new LinkError('unknown');
    const { name, scenario, deeds } = link;
    return (store) => {
      store.open(name, scenario, step ?? link.at ?? openingOf(scenario));
      try {
        store.repeat(deeds);
      } catch {
        throw new Failed('state', 'the link does something that cannot be done here');
      }
    };
  } catch (error) {
    throw new Failed('state', `the link is ${error instanceof LinkError ? error.reason : 'damaged'}`);
  }
}

async function fetched(url: string): Promise<Scenario | undefined> {
  try {
    const response = await fetch(new URL(url, document.baseURI));
    const scenario: unknown = response.ok ? await response.json() : undefined;
    return isScenario(scenario) ? scenario : undefined;
  } catch {
    return undefined;
  }
}

function documentsIn(host: KmsPlayground): HTMLElement[] {
  return [...host.children].filter((child): child is HTMLElement => child instanceof HTMLElement && slots.some((slot) => slot === child.slot));
}

/** A text that was meant to be shown is not replaced by a story that has nothing to do with it. */
function refuseStrays(host: KmsPlayground): void {
  const stray = [...host.children].find((child) => (child.slot === '' ? child.localName === 'pre' : child.slot !== 'fallback'));
  if (stray) throw new Failed('slot', `a child with ${stray.slot === '' ? 'no slot' : `slot="${stray.slot}"`} is none of ${slots.join(', ')}`);
}

/** The texts of the children, in order, as they would be compared to see whether they changed. */
export const childrenText = (host: KmsPlayground): string =>
  JSON.stringify(documentsIn(host).map((child) => [child.slot, child.dataset['principal'], child.textContent]));

/**
 * A world of the documents among the children. A text that is no JSON stays as it is, and is shown with its problems. Whose an IAM
 * policy is says `data-principal`; else it is the caller's.
 */
export function shownIn(host: KmsPlayground): Shown {
  const all = (slot: (typeof slots)[number]) => documentsIn(host).filter((child) => child.slot === slot);
  const textOf = (slot: (typeof slots)[number]) => all(slot)[0]?.textContent?.trim();
  const grants = textOf('grants');
  const policy = textOf('key-policy');
  const asked = textOf('request');
  if (asked !== undefined && parsed(asked) === undefined) throw new Failed('request', 'the request is no JSON');

  const question = asked ?? JSON.stringify({ principal: '', operation: 'Decrypt', parameters: { KeyId: valueAt(emptyStart, '/keys/0/metadata/Arn') } }, null, 2);
  const texts = { ...(policy === undefined ? {} : { '/keys/0/policy': policy }), ...(grants === undefined ? {} : { '/keys/0/grants': grants }) };
  // Where the documents do not say which key this is, the request does.
  const key = valueAt(parsed(question), '/parameters/KeyId');
  let start = typeof key === 'string' && /^arn:[^:]+:kms:[^:]+:\d+:key\//.test(key) ? withValue(emptyStart, '/keys/0/metadata/Arn', key) : emptyStart;
  const adopted = adopt(texts, start, question);
  for (const [pointer, value] of Object.entries(adopted.changes)) start = withValue(start, pointer, value);

  const request = parsed(adopted.question);
  const caller = String(valueAt(request, '/principal') ?? '');
  const principals = new Map<string, { name: string; document: unknown }[]>();
  all('iam').forEach((child, i) => {
    const owner = child.dataset['principal'] ?? ownerOf(caller);
    const policies = principals.get(owner) ?? [];
    policies.push({ name: child.title || `policy-${i + 1}`, document: child.textContent?.trim() ?? '' });
    principals.set(owner, policies);
  });
  start = { ...start, principals: [...principals].filter(([arn]) => arn !== '').map(([arn, identityPolicies]) => ({ arn, identityPolicies })) };
  const [first] = principals.keys();
  const asking = caller === '' && first ? JSON.stringify({ ...(request as object), principal: asCaller(first) }, null, 2) : adopted.question;
  return { name: 'new', start, steps: [], position: 0, question: asking };
}
