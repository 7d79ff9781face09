/**
 * The page's one state. Everything that happens to the world is a step in a log; the world itself, the texts and all answers follow
 * from the log and the position in it, so that every action can be undone. Views read the state and call these methods, nothing else.
 */
import type { Engine, Request, Result, Scenario, Step } from '../engine/engine';
import { callersIn, resolved, shortName } from './callers';
import { lastAsked, LinkError, type Deed, type Shown } from './link';
import { entries, Player, type Moment } from './player';
import type { Flip, Supposition } from './whatif';
import { grantsOf, parsed, valueAt } from './world';

/** What undo brings back. */
interface Log {
  steps: readonly Step[];
  /** How many of the steps have happened. */
  position: number;
  /** The request that is asked, as typed. */
  question: string;
}

/** Why a grant could not be retired or revoked. */
export interface Refusal {
  grantId: string;
  request: Request;
  result: Result;
}

export interface State extends Log {
  /** Which scenario this is: its name in the gallery, or "new". */
  name: string;
  start: Scenario;
  /** The world after 0, 1, … `position` steps. */
  moments: readonly Moment[];
  /** The last of `moments`. */
  now: Moment;
  /** What the question is answered; for a step that was just walked to, what that step was answered. */
  answer: Result;
  /** The question as an object, when its text is one. */
  request: Request | undefined;
  /** Callers to choose from. */
  callers: string[];
  /** Who retires and revokes. */
  actor: string;
  refusal: Refusal | undefined;
  /** What may be supposed here (undefined until somebody wants to know), which of it is supposed, and what would then be answered. */
  suppositions: readonly Supposition[] | undefined;
  chosen: readonly Supposition[];
  then: { request: Request; steps: Step[]; result: Result } | undefined;
  /** The single suppositions that turn the decision; undefined until they have been looked for. */
  flips: readonly Flip[] | undefined;
  canUndo: boolean;
  canRedo: boolean;
  engineVersion: string;
}

export class Store extends EventTarget {
  #player: Player;
  #past: Log[] = [];
  #future: Log[] = [];
  /** Typing on in the same place is one action. */
  #typingIn: string | undefined;
  #state!: State;

  constructor(readonly engine: Engine) {
    super();
    this.#player = new Player(engine);
  }

  get state(): State {
    return this.#state;
  }

  /** Opens a scenario with the first `position` of its steps done. */
  open(name: string, start: Scenario, position: number): void {
    this.#past = [];
    this.#future = [];
    this.#typingIn = undefined;
    const steps = start.steps ?? [];
    const actor = callersIn(start, start)[0] ?? '';
    this.#state = { name, start, actor, refusal: undefined } as State;
    this.#show({ steps, position, question: '' }, { asksStep: true });
  }

  /**
   * Plays ahead what is opened first, one step in each task: together, they would keep a slow phone from answering its reader, because
   * the evaluator's code is compiled as it is used. It ends when something is opened meanwhile.
   */
  async prepare(start: Scenario, position: number): Promise<void> {
    const steps = start.steps ?? [];
    for (let played = 0; played <= Math.min(position, steps.length) && !this.#state; played += 1) {
      this.#player.play(start, steps, played);
      await new Promise((resolve) => setTimeout(resolve));
    }
  }

  /** Opens what somebody else has shown, as it was. */
  restore({ name, start, steps, position, question }: Shown): void {
    this.open(name, start, 0);
    this.#show({ steps, position, question }, { asksStep: false });
  }

  /** Does after the opened steps what a link says. Throws a LinkError when it cannot be done here. */
  repeat(deeds: readonly Deed[]): void {
    const question = this.#state.request;
    for (const deed of deeds) {
      const { now, callers } = this.#state;
      if (deed.verb === 'ask') this.#append([question]);
      else {
        const grant = (now.world.keys ?? []).flatMap(grantsOf).find(({ GrantId }) => GrantId?.startsWith(deed.grant));
        const actor = callers.find((caller) => shortName(caller) === deed.caller);
        if (!grant?.GrantId || !actor) throw new LinkError('damaged');
        this.#state = { ...this.#state, actor };
        this.#append([this.#ending(deed.verb === 'retire' ? 'RetireGrant' : 'RevokeGrant', grant.GrantId)]);
      }
    }
  }

  /** A link to what is shown, as a fragment. Throws a LinkError when it is too large for one. */
  async link(rename?: (text: string) => string): Promise<string> {
    const { name, start, steps, position, question } = this.#state;
    const shown: Shown = { name, start, steps, position, question };
    const { linkTo } = await import('./packed');
    return linkTo(rename ? { ...(JSON.parse(rename(JSON.stringify(shown))) as Shown), question: rename(question) } : shown, this.responses());
  }

  /** Walks to the moment after `position` steps and asks what its step asked. Not an action: there is nothing to undo. */
  walk(position: number): void {
    const { steps, question } = this.#state;
    if (position < 0 || position > steps.length) return;
    this.#typingIn = undefined;
    this.#show({ steps, position, question }, { asksStep: true });
  }

  /** Asks another question, as typed. */
  ask(question: string): void {
    const { steps, position } = this.#state;
    this.#act({ steps, position, question }, `question${difference(parsed(this.#state.question), parsed(question))}`);
  }

  /** Replaces the text of a document. Steps that are still to come stay: they happen in the changed world. */
  edit(pointer: string, text: string): void {
    this.set({ [pointer]: text });
  }

  /**
   * Changes the world directly; in an empty start, a document also tells whose key this is and who might ask. It goes on with the last
   * change, if that was in the same place, unless it is to be undone by itself.
   */
  set(changes: { [pointer: string]: unknown }, { byItself = false } = {}): void {
    if (byItself) this.#typingIn = undefined;
    const { steps, position, now, name } = this.#state;
    let { question } = this.#state;
    if (name === 'new' && entries) ({ changes, question } = entries.adopt(changes, now.world, question));
    const place = Object.keys(changes).join(' ');
    const last = steps[position - 1];
    const goesOn = this.#typingIn === place && last?.set !== undefined;
    const step: Step = { id: goesOn ? last.id! : this.#newId(), set: changes };
    const before = steps.slice(0, goesOn ? position - 1 : position);
    this.#act({ steps: [...before, step, ...steps.slice(position)], position: before.length + 1, question }, place);
  }

  /** Does several things that one undo takes back. */
  asOne(act: () => void): void {
    const log = this.#log();
    const before = this.#past.length;
    this.#typingIn = undefined;
    act();
    if (this.#past.length > before) this.#past.splice(before, Infinity, log);
    this.#typingIn = undefined;
  }

  /** Chooses who retires and revokes. */
  actAs(actor: string): void {
    this.#state = { ...this.#state, actor, refusal: undefined };
    this.#changed();
  }

  /** What the engine would answer if the chosen principal, or another one, retired or revoked a grant. */
  mayEnd(operation: 'RetireGrant' | 'RevokeGrant', grantId: string, actor?: string): { request: Request; result: Result } {
    const request = this.#ending(operation, grantId, actor);
    return { request, result: this.#player.decide(JSON.stringify(request), 'decision') };
  }

  /** Retires or revokes a grant as the chosen principal, when the engine lets it, and asks the question again; gives what the call was answered. */
  end(operation: 'RetireGrant' | 'RevokeGrant', grantId: string): Result {
    const request = this.#ending(operation, grantId);
    const result = this.#player.decide(JSON.stringify(request));
    if (result.decision === 'allowed') this.#append([request, this.#state.request]);
    else {
      this.#state = { ...this.#state, refusal: { grantId, request, result } };
      this.#changed();
    }
    return result;
  }

  /** Gives the engine's memory back. Whatever is asked later plays the log again. */
  close(): void {
    this.#player.close();
  }

  /** Makes the question a step of the timeline, with its effect on the world. */
  perform(): void {
    if (this.#state.request) this.#append([this.#state.request]);
  }

  /** Notes what has been supposed, or found out about it. */
  note(found: Partial<Pick<State, 'suppositions' | 'chosen' | 'then' | 'flips'>>): void {
    this.#state = { ...this.#state, ...found };
    this.#changed();
  }

  /** What the engine would answer now. */
  decide(request: string): Result {
    return this.#player.decide(request);
  }

  /** Lets steps happen, in place of what was still to come in the story, and asks the question again. */
  happen(own: readonly Step[]): void {
    const { steps, position, question, request } = this.#state;
    const done = [...steps.slice(0, position)];
    for (const step of own) done.push({ ...step, id: this.#newId(done) });
    if (request && own.at(-1)?.request) done.push({ id: this.#newId(done), request });
    this.#act({ steps: done, position: done.length, question }, undefined);
  }

  /** Makes what is supposed happen: steps of the timeline, and another question where one is supposed. */
  realise(): void {
    const { then, steps, position } = this.#state;
    if (!then) return;
    const done = [...steps.slice(0, position)];
    for (const step of then.steps) done.push({ ...step, id: this.#newId(done) });
    this.#act({ steps: done, position: done.length, question: JSON.stringify(then.request, null, 2) }, undefined);
  }

  undo(): void {
    const log = this.#past.pop();
    if (!log) return;
    this.#future.push(this.#log());
    this.#typingIn = undefined;
    this.#show(log, { asksStep: false });
  }

  redo(): void {
    const log = this.#future.pop();
    if (!log) return;
    this.#past.push(this.#log());
    this.#typingIn = undefined;
    this.#show(log, { asksStep: false });
  }

  /** The world as it stands with the whole log, as a scenario that other programs read. */
  scenario(): Scenario {
    const { start, steps } = this.#state;
    const player = new Player(this.engine);
    const moments = player.play(start, steps, steps.length).slice();
    player.close();
    return { ...start, steps: steps.map((step, i) => moments[i + 1]?.done ?? step) };
  }

  /** What the steps so far were answered, for "$step.Field". */
  responses(): ReadonlyMap<string, unknown> {
    return new Map(this.#state.moments.map(({ step, result }) => [step?.id ?? '', result?.response]));
  }

  #ending(operation: string, grantId: string, actor = this.#state.actor): Request {
    const { now } = this.#state;
    const key = now.world.keys?.find((k) => grantsOf(k).some((grant) => grant.GrantId === grantId));
    return { principal: actor, operation, parameters: { KeyId: key?.metadata.Arn ?? '', GrantId: grantId } };
  }

  /** What is done now takes the place of what was still to come in the story. */
  #append(requests: (Request | undefined)[]) {
    const { steps, position, question } = this.#state;
    const done = [...steps.slice(0, position)];
    for (const request of requests) if (request) done.push({ id: this.#newId(done), request });
    this.#act({ steps: done, position: done.length, question }, undefined);
  }

  #newId(steps: readonly Step[] = this.#state.steps): string {
    const taken = new Set(steps.map(({ id }) => id));
    let number = 1;
    while (taken.has(`my-${number}`)) number += 1;
    return `my-${number}`;
  }

  #log(): Log {
    const { steps, position, question } = this.#state;
    return { steps, position, question };
  }

  #act(next: Log, typingIn: string | undefined) {
    if (typingIn === undefined || typingIn !== this.#typingIn) this.#past.push(this.#log());
    this.#future = [];
    this.#typingIn = typingIn;
    this.#show(next, { asksStep: typingIn === undefined });
  }

  /** Plays the log and answers the question; `asksStep` makes the last step's request the question. */
  #show(log: Log, { asksStep }: { asksStep: boolean }) {
    const { start } = this.#state;
    const moments = this.#player.play(start, log.steps, log.position).slice();
    const now = moments.at(-1)!;
    const responses = new Map(moments.map(({ step, result }) => [step?.id ?? '', result?.response]));
    const asText = (request: Request) => JSON.stringify(resolved(request, responses), null, 2);
    const stepRequest = now.step?.request && asText(now.step.request);
    let { question } = log;
    if (asksStep && stepRequest) question = stepRequest;
    if (question === '' && asksStep) {
      const last = lastAsked(log.steps, log.position);
      question = last ? asText(last) : firstQuestion(start);
    }

    // A request that changes the world cannot be asked again in the world it has changed: a grant is not retired twice.
    const wasAnswered = now.result !== null && question === stepRequest;
    const answer = wasAnswered ? now.result! : this.#ask(question);
    const request = parsed(question);
    this.#state = {
      ...this.#state,
      ...log,
      question,
      moments,
      now,
      answer,
      request: isRequest(request) ? request : undefined,
      callers: callersIn(start, now.world),
      refusal: undefined,
      suppositions: undefined,
      chosen: [],
      then: undefined,
      flips: undefined,
      canUndo: this.#past.length > 0,
      canRedo: this.#future.length > 0,
      engineVersion: this.engine.version,
    };
    if (!this.#state.callers.includes(this.#state.actor)) this.#state.actor = this.#state.callers[0] ?? '';
    this.#changed();
  }

  #ask(question: string): Result {
    const answer = this.#player.decide(question);
    if ((answer.diagnostics ?? []).length === 0) return answer;
    const placed = this.#player.check(question);
    const diagnostics = answer.diagnostics?.map((d) => placed.find(({ code, pointer }) => code === d.code && pointer === d.pointer) ?? d);
    return { ...answer, diagnostics };
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** Where two requests differ: changes of the same part are one action, those of different ones are not. */
function difference(before: unknown, after: unknown): string {
  if (!isObject(before) || !isObject(after)) return '';
  const changed = Object.keys({ ...before, ...after }).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return changed.map((name) => `/${name}${difference(before[name], after[name])}`).join('');
}

const isObject = (value: unknown): value is { [name: string]: unknown } => typeof value === 'object' && value !== null;

/** The question of a scenario without steps: Decrypt with its first key. */
function firstQuestion(start: Scenario): string {
  const request = {
    principal: '',
    operation: 'Decrypt',
    parameters: { KeyId: valueAt(start, '/keys/0/metadata/Arn') ?? '', EncryptionContext: {} },
  };
  return JSON.stringify(request, null, 2);
}

function isRequest(value: unknown): value is Request {
  return typeof valueAt(value, '/operation') === 'string' && typeof valueAt(value, '/principal') === 'string';
}
