/**
 * Links that hold what the page shows, in the fragment only: no server ever sees it.
 *
 *     #s=lambda-env                                    a scenario of the gallery
 *     #s=lambda-env&at=6&do=retire~ef4053a4~admin-role/operator
 *                                                      the first 6 of its steps, then what the reader did
 *     #v1=…                                            anything else: JSON, deflated, as base64url
 *     #lessons                                         the list of lessons
 *     #lesson=retire-it&pin&nosolve&cover              a lesson; nothing but it, without its solution, the answer covered until asked for
 *     #s=lambda-env&present                            in presenter mode; lessons, too
 *     #lesson=quiz&seed=7                              the quiz with other questions, the same ones for everybody with this link
 *
 * Links are kept by people for years: what is written here must be read by every later version.
 */
import type { Scenario, Step } from '../engine/types';
import { scenarioNamed, storyName } from './gallery';

/** What a link and the page have in common. */
export interface Shown {
  /** Of the gallery, or "new". */
  name: string;
  start: Scenario;
  steps: readonly Step[];
  position: number;
  question: string;
}

/** What is asked after so many steps: what the last of them asked, or the last one before it that asked something. */
export const lastAsked = (steps: readonly Step[], position: number) => steps.slice(0, position).findLast(({ request }) => request)?.request;

/** What the reader did after the steps of the scenario. */
export type Deed = { verb: 'retire' | 'revoke'; grant: string; caller: string } | { verb: 'ask' };

/** What a teacher's link asks for. */
export interface LessonOptions {
  /** This lesson alone: no way to the others. */
  pin: boolean;
  noSolve: boolean;
  /** The answer stays covered after the prediction, until somebody asks for it. */
  cover: boolean;
  /** In large type. */
  present: boolean;
  /** Of the quiz: which questions are made up for it. */
  seed?: number;
}

export type Link =
  | { to: 'gallery' }
  | { to: 'lessons' }
  | { to: 'lesson'; id: string; options: LessonOptions }
  | { to: 'new' }
  | { to: 'scenario'; name: string; scenario: Scenario; at: number | undefined; deeds: Deed[]; present: boolean }
  | { to: 'shown'; shown: Shown };

/** Why a link cannot be opened. */
export class LinkError extends Error {
  constructor(readonly reason: 'damaged' | 'unknown' | 'newer' | 'large') {
    super(reason);
  }
}

/** A longer link is not made, and not read. */
export const longest = 100_000;

/** What a fragment (with its "#") says; throws a LinkError. */
export async function readLink(fragment: string): Promise<Link> {
  const text = fragment.replace(/^#/, '');
  if (text === 'gallery') return { to: 'gallery' };
  if (text === 'lessons') return { to: 'lessons' };
  if (text === 'new') return { to: 'new' };
  if (text.length > longest) throw new LinkError('large');
  const [, version, data] = /^v(\d+)=(.*)$/s.exec(text) ?? [];
  if (version !== undefined) {
    if (version !== '1') throw new LinkError('newer');
    return { to: 'shown', shown: await (await import('./packed')).unpacked(data ?? '') };
  }
  const fields = new URLSearchParams(text.includes('=') ? text : `s=${text}`);
  const id = fields.get('lesson');
  if (id !== null) {
    const seed = fields.get('seed');
    if (seed !== null && !/^\d{1,9}$/.test(seed)) throw new LinkError('damaged');
    return { to: 'lesson', id, options: { pin: fields.has('pin'), noSolve: fields.has('nosolve'), cover: fields.has('cover'), present: fields.has('present'), ...(seed === null ? {} : { seed: Number(seed) }) } };
  }
  const name = fields.get('s') || storyName;
  const scenario = /^[\w-]+$/.test(name) ? await scenarioNamed(name) : undefined;
  if (!scenario) throw new LinkError('unknown');
  const at = fields.get('at') ?? undefined;
  if (at !== undefined && !(/^\d{1,4}$/.test(at) && Number(at) <= (scenario.steps?.length ?? 0))) throw new LinkError('damaged');
  return { to: 'scenario', name, scenario, at: at === undefined ? undefined : Number(at), deeds: (fields.get('do') ?? '').split(',').filter(Boolean).map(readDeed), present: fields.has('present') };
}

function readDeed(text: string): Deed {
  const [verb, grant = '', caller = ''] = text.split('~');
  if (verb === 'ask') return { verb };
  if ((verb !== 'retire' && verb !== 'revoke') || !/^[\w-]+$/.test(grant) || caller === '') throw new LinkError('damaged');
  return { verb, grant, caller };
}
