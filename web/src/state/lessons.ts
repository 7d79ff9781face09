/**
 * Lessons: a prediction, then something to find or to do. Each is one file of `lessons/` that holds texts, a start, questions and a goal,
 * but no right answers: those the engine gives, to the question in the world of the lesson.
 *
 * Also built as `lessons.js`, so that a test proves every lesson with the code that the page runs.
 */
import type { Decision, DecidedBy, Engine, Localized, Request, Result, Scenario, Step } from '../engine/engine';
import { resolved } from './callers';
import { files as exhibits } from './exhibits';
import { openingOf } from './gallery';
import { Player, type Moment } from './player';
import { madeUp } from './quiz';
import { Store } from './store';
import type { Supposition } from './whatif';
import { valueAt } from './world';

/** What the engine has to answer; every field that is given counts. */
export interface Expected {
  decision?: Decision | 'denied';
  decidedBy?: DecidedBy[];
  /** The pointer of the one statement or grant that decided. */
  determining?: string;
  /** The pointer at or within which a statement or grant stopped matching. */
  failing?: string;
  /** A reason in the trace. */
  reason?: string;
  /** The step before which the request was allowed and after which it no longer was. */
  ended?: string;
}

export interface Choice {
  /** Without a text the decision itself is the choice. */
  text?: Localized;
  expect: Expected;
}

export interface Question {
  /** Without a text, whether the request is allowed. */
  text?: Localized;
  /** What is asked; else what the lesson opens with. */
  request?: Request;
  choices: Choice[];
  /** Why the engine's answer is what it is; else what the page says of every decision. */
  why?: Localized;
  /** Of a question that is made up: what is different in the scenario. */
  supposition?: Supposition;
  /** Of a quiz: a scenario, or the name of one of the gallery, and the step in it that is asked. */
  scenario?: string | Scenario;
  at?: string;
}

/** What a learner, a button of the lesson, or "Solve" does. */
export type Action = { step: Step } | { ask: Request } | { actAs: string } | { choose: number };

export interface Goal {
  /** Requests and what they have to be answered; without a request, the one on the page. "$actor" is who retires and revokes. */
  checks?: { request?: Request; asks?: { [pointer: string]: unknown }; expect: Expected }[];
  /** What must stand as it stood at the start, by pointer. */
  keep?: string[];
  /** A question that has to be answered right. */
  find?: Question;
  /** How many questions of the quiz have to be answered right. */
  right?: number;
}

/** The part of the page that a hint points to, by the id of its heading. */
export const panels = ['documents', 'grants', 'request', 'timeline', 'lesson'] as const;

export interface Hint {
  text: Localized;
  show: { pointer: string } | { panel: (typeof panels)[number] };
}

/** One file of `lessons/`. */
export interface Lesson {
  title: Localized;
  /** Paragraphs, between empty lines. */
  story: Localized;
  /** A scenario, or the name of one of the gallery; a quiz has one per question. */
  scenario?: string | Scenario;
  /** The last step that has happened at the start. */
  at?: string;
  /** Whether the events that AWS CloudTrail would have recorded are part of the lesson. */
  events?: boolean;
  question?: Question;
  quiz?: Question[];
  task: Localized;
  /** What the lesson lets the learner do beside everything else on the page. */
  offers?: { text: Localized; does: Action[] }[];
  goal: Goal;
  hints: Hint[];
  solve: Action[];
  solved: Localized;
}

const files = import.meta.glob<{ default: unknown }>('../../lessons/*.json');
const fileOf = (id: string) => Object.keys(files).find((path) => path.replace(/^.*\/\d+-|\.json$/g, '') === id);

/** The names of all lessons, in their order: what links call them. */
export const lessonIds: readonly string[] = Object.keys(files).sort().map((path) => path.replace(/^.*\/\d+-|\.json$/g, ''));

export async function lessonNamed(id: string): Promise<Lesson | undefined> {
  const path = fileOf(id);
  return path === undefined ? undefined : ((await files[path]!()).default as Lesson);
}

/** Whether an answer is what is expected. */
export function holds(expected: Expected, { decision, decidedBy, determining, trace = [] }: Result): boolean {
  const tests = trace.flatMap((entry) => [entry, ...(entry.tests ?? [])]);
  const isDecision = expected.decision === 'denied' ? decision === 'explicitDeny' || decision === 'implicitDeny' : decision === expected.decision;
  return (
    (expected.decision === undefined || isDecision) &&
    (expected.decidedBy === undefined || expected.decidedBy.join() === decidedBy.join()) &&
    (expected.determining === undefined || (determining.length === 1 && determining[0]!.pointer === expected.determining)) &&
    (expected.failing === undefined || trace.some((entry) => isWithin(entry.tests?.find(({ outcome }) => outcome === 'no')?.pointer, expected.failing!))) &&
    (expected.reason === undefined || tests.some(({ reason }) => reason === expected.reason))
  );
}

const isWithin = (pointer: string | undefined, place: string) => pointer === place || pointer?.startsWith(`${place}/`) === true;

/** A question as it stands open: where it is asked, and what the engine answers. */
export interface Asked {
  question: Question;
  request: Request;
  result: Result;
  /** The choices that the engine's answer makes right. */
  right: number[];
}

/** A learner in a lesson. */
export class LessonRun {
  /** The open question of a quiz; a lesson of another kind stays at 0. */
  at = 0;
  /** What was chosen in each question, in the order of `questions`. */
  readonly chosen: (number | undefined)[] = [];
  hints = 0;
  #asked: Asked[] = [];
  #opened: Moment;

  private constructor(
    readonly id: string,
    readonly lesson: Lesson,
    private readonly store: Store,
    private readonly scenarios: readonly Scenario[],
  ) {
    this.#opened = this.#open(0);
    this.#asked = this.questions.map((question, i) => this.#answered(question, lesson.quiz ? i : 0));
    if (lesson.quiz) this.#opened = this.#open(0);
  }

  /** Opens a lesson in the store; undefined when there is none of this name. With a seed, a quiz has questions that are made up. */
  static async open(id: string, store: Store, seed?: number): Promise<LessonRun | undefined> {
    const named = await lessonNamed(id);
    if (!named) return undefined;
    const lesson = named.quiz && seed !== undefined ? { ...named, quiz: await madeUp(seed, store) } : named;
    const sources = lesson.quiz?.map(({ scenario }) => scenario) ?? [lesson.scenario];
    const scenarios = await Promise.all(sources.map(async (source) => (typeof source === 'object' ? source : ((await exhibits[`../../gallery/${source}.json`]!()).default as Scenario))));
    return new LessonRun(id, lesson, store, scenarios);
  }

  /** The prediction and what is to be found, or the questions of the quiz. */
  get questions(): Question[] {
    const { quiz, question, goal } = this.lesson;
    return quiz ?? [question, goal.find].filter((one) => one !== undefined);
  }

  /** The question whose answer the page must not show yet. */
  get prediction(): Asked {
    return this.#asked[this.at]!;
  }

  get find(): Asked | undefined {
    return this.lesson.goal.find && this.#asked[1];
  }

  /** Whether the prediction has been made. */
  get predicted(): boolean {
    return this.chosen[this.at] !== undefined;
  }

  get score(): number {
    return this.#asked.filter(({ right }, i) => right.includes(this.chosen[i]!)).length;
  }

  choose(question: number, choice: number): void {
    this.chosen[question] = choice;
  }

  /** Goes on to another question of the quiz. */
  go(at: number): void {
    this.at = at;
    this.#open(at);
  }

  /** The start of the lesson, with nothing done. */
  restart(): void {
    this.chosen.length = 0;
    this.hints = 0;
    this.at = 0;
    this.#opened = this.#open(0);
  }

  act(actions: readonly Action[]): void {
    for (const action of actions) {
      const { store } = this;
      if ('step' in action) store.happen([action.step]);
      if ('ask' in action) store.ask(JSON.stringify(action.ask, null, 2));
      if ('actAs' in action) store.actAs(action.actAs);
      if ('choose' in action) {
        const next = this.questions.findIndex((_, i) => this.chosen[i] === undefined);
        this.choose(next, action.choose);
      }
    }
  }

  /** Does what reaches the goal, from the start. */
  solve(): void {
    const { hints } = this;
    this.restart();
    this.hints = hints;
    // Whoever wants the solution sees the answer to the prediction, too.
    if (this.lesson.question) this.choose(0, this.prediction.right[0]!);
    this.act(this.lesson.solve);
    if (!this.lesson.quiz) return;
    this.#asked.forEach(({ right }, i) => this.choose(i, right[0]!));
    this.go(this.questions.length - 1);
  }

  /** Whether the goal is reached: the engine says so. */
  get met(): boolean {
    const { checks = [], keep = [], find, right } = this.lesson.goal;
    const { now, request: shown } = this.store.state;
    if (right !== undefined) return this.score >= right;
    if (find && !this.find!.right.includes(this.chosen[1]!)) return false;
    if (keep.some((pointer) => JSON.stringify(valueAt(now.world, pointer)) !== JSON.stringify(valueAt(this.#opened.world, pointer)))) return false;
    return checks.every(({ request = shown, asks = {}, expect }) => {
      if (!request || Object.entries(asks).some(([pointer, value]) => valueAt(request, pointer) !== value)) return false;
      const text = JSON.stringify(request).replaceAll('"$actor"', JSON.stringify(this.store.state.actor));
      return holds(expect, this.store.decide(text));
    });
  }

  /** Opens the lesson, or a question of the quiz, in the page. */
  #open(at: number): Moment {
    const scenario = this.#scenario(at);
    const { length } = scenario.steps ?? [];
    this.store.open('file', scenario, length);
    const isQuiz = this.lesson.quiz !== undefined;
    const { request } = (isQuiz ? this.lesson.quiz![at] : this.lesson.question) ?? {};
    if (request && (isQuiz || !this.store.state.request?.principal)) this.store.ask(JSON.stringify(request, null, 2));
    return this.store.state.now;
  }

  /** The scenario as it stands at the start: what would come later is for the learner to do. */
  #scenario(at: number): Scenario {
    const scenario = this.scenarios[at]!;
    const { steps = [] } = scenario;
    const last = this.lesson.quiz ? this.lesson.quiz[at]!.at : this.lesson.at;
    const count = last === undefined ? openingOf(scenario) : steps.findIndex(({ id }) => id === last) + 1;
    return { ...scenario, steps: steps.slice(0, count) };
  }

  #answered(question: Question, at: number): Asked {
    const scenario = this.#scenario(at);
    const { steps = [] } = scenario;
    const { engine } = this.store;
    const player = new Player(engine);
    const moments = player.play(scenario, steps, steps.length);
    const responses = new Map(moments.map(({ step, result }) => [step?.id ?? '', result?.response]));
    const request = resolved(question.request ?? steps.at(-1)?.request ?? this.lesson.question!.request!, responses);
    // A request that has already changed the world is not asked again: what it was answered is known.
    const result = question.request || !moments.at(-1)!.result ? player.decide(JSON.stringify(request)) : moments.at(-1)!.result!;
    const isRight = ({ expect }: Choice) => holds(expect, result) && (expect.ended === undefined || endedBy(engine, scenario, request) === expect.ended);
    return { question, request, result, right: question.choices.flatMap((choice, i) => (isRight(choice) ? [i] : [])) };
  }
}

/** The step that took an access away for good. */
function endedBy(engine: Engine, scenario: Scenario, request: Request): string | undefined {
  const { steps = [] } = scenario;
  const player = new Player(engine);
  let ended: string | undefined;
  let before = false;
  for (let position = 0; position <= steps.length; position += 1) {
    player.play(scenario, steps, position);
    const now = player.decide(JSON.stringify(request), 'decision').decision === 'allowed';
    if (before && !now) ended = steps[position - 1]?.id;
    before = now;
  }
  return before ? undefined : ended;
}

export { Store };
export { loadEngine } from '../engine/engine';
