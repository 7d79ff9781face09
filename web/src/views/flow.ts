/** The decision as a chart drawn from the engine's `flow`, wide or narrow, and the same way in words. */
import { html, svg } from 'lit';
import type * as engine from '../engine/types';
import type { FlowNode } from '../engine/types';
import type { Words } from '../i18n';
import { verdictIcons, verdictOf, type Verdict } from './decision';
import { isListed } from '../state/callers';
import type { State } from '../state/store';
import { heading, icon, type View } from './view';

/** Gates that everything passes, then the ways to be allowed, then gates again. */
const before: FlowNode[] = ['request', 'explicitDeny', 'serviceControlPolicy', 'vpcEndpointPolicy'];
const ways: { name: 'keyPolicy' | 'identityPolicy' | 'grant' | undefined; nodes: FlowNode[] }[] = [
  { name: 'keyPolicy', nodes: ['keyPolicy'] },
  { name: 'identityPolicy', nodes: ['accountDelegation', 'identityPolicy', 'permissionsBoundary', 'sessionPolicy'] },
  { name: 'grant', nodes: ['grant'] },
  { name: undefined, nodes: ['retirement'] },
];
const after: FlowNode[] = ['callerAccount', 'keyState'];

/** "unknown" is a no of policies that are not here. */
type FlowOutcome = engine.FlowOutcome | 'unknown';
interface FlowEntry {
  node: FlowNode;
  outcome: FlowOutcome;
}

/** What the caller's own IAM policies answer. */
const ofPolicies: readonly FlowNode[] = ['identityPolicy', 'callerAccount'];

type Tone = 'passed' | 'failed' | 'denies' | 'skipped' | 'unknown';

/** "yes" is good news everywhere but at the explicit Deny. */
function toneOf({ node, outcome }: FlowEntry): Tone {
  if (outcome === 'notReached' || outcome === 'notApplicable') return 'skipped';
  if (outcome === 'unknown') return 'unknown';
  if (node === 'explicitDeny') return outcome === 'yes' ? 'denies' : 'passed';
  return outcome === 'yes' ? 'passed' : 'failed';
}

/** The way to an answer; none without a decision. */
export function flowOf({ answer, request, now }: Pick<State, 'answer' | 'request' | 'now'>): FlowEntry[] {
  const verdict = verdictOf(answer);
  const isOpen = verdict === 'deniedUnless' || (verdict === 'allowed' && !isListed(now.world, request?.principal ?? ''));
  const isUnknown = ({ node, outcome }: engine.FlowEntry) => isOpen && outcome === 'no' && ofPolicies.includes(node);
  return verdict === 'none' ? [] : (answer.flow ?? []).map((entry) => (isUnknown(entry) ? { node: entry.node, outcome: 'unknown' } : entry));
}

export function flowPanel(view: View) {
  const { state, words } = view;
  const verdict = verdictOf(state.answer);
  const flow = flowOf(state);
  return html`<section class="panel flow" aria-labelledby="flow">
    ${heading('flow', words.text('flow.heading'))}
    ${flow.length === 0 ? html`<p class="empty">${words.text('flow.none')}</p>` : [chart(flow, verdict, words, wide), chart(flow, verdict, words, narrow), inWords(flow, verdict, words)]}
  </section>`;
}

function inWords(flow: readonly FlowEntry[], verdict: Verdict, words: Words) {
  const omitted = flow.filter(({ outcome }) => outcome === 'notApplicable').map(({ node }) => words.findText(`policy.${node}`) ?? shortLabel(node, words));
  const icons = { passed: 'allow', failed: 'deny', denies: 'deny', skipped: 'dash', unknown: 'unless' } as const;
  return html`<details class="in-words">
    <summary>${words.text('flow.text')}</summary>
    <p class="help">${words.text('flow.caption')}</p>
    <ol>
      ${flow
        .filter(({ node, outcome }) => outcome !== 'notApplicable' && node !== 'result')
        .map((entry) => html`<li>${icon(icons[toneOf(entry)])} ${words.text(`flow.long.${entry.node}`)} <b>${words.text(`flow.${entry.outcome}`)}</b></li>`)}
      <li>${icon(verdict === 'error' ? 'deny' : verdictIcons[verdict])} ${words.text('flow.long.result')} <b>${resultLabel(verdict, words)}</b></li>
    </ol>
    ${omitted.length > 0 ? html`<p class="help">${words.text('flow.omitted', { nodes: omitted })}</p>` : ''}
  </details>`;
}

const shortLabel = (node: FlowNode, words: Words) => (node === 'result' ? '' : words.text(`flow.node.${node}`).replace(/[?？]$/, ''));

function resultLabel(verdict: Verdict, words: Words): string {
  if (verdict === 'allowed' || verdict === 'error') return words.text(`flow.result.${verdict}`);
  return words.text('flow.result.denied');
}

interface Box {
  entry: FlowEntry;
  x: number;
  y: number;
  width: number;
}
interface Edge {
  points: [number, number][];
  lit: boolean;
}
interface Layout {
  className: string;
  width: number;
  height: number;
  boxes: Box[];
  titles: { text: string; x: number; y: number }[];
  edges: Edge[];
  result: Box;
}
type Way = { title: string; entries: FlowEntry[]; reached: boolean; allows: boolean };

const height = 46;
const gap = 22;

function parts(flow: readonly FlowEntry[], words: Words) {
  const byNode = new Map(flow.map((entry) => [entry.node, entry]));
  const entries = (nodes: FlowNode[]) =>
    nodes.flatMap((node) => {
      const entry = byNode.get(node);
      return entry && entry.outcome !== 'notApplicable' ? [entry] : [];
    });
  const open: Way[] = ways
    .map(({ name, nodes }) => ({ title: name ? words.text(`flow.way.${name}`) : '', entries: entries(nodes) }))
    .filter((way) => way.entries.length > 0)
    .map((way) => ({
      ...way,
      reached: way.entries[0]!.outcome !== 'notReached',
      allows: way.entries.every(({ outcome }) => outcome === 'yes'),
    }));
  const outcome: FlowOutcome = byNode.get('result')?.outcome ?? 'notReached';
  return { before: entries(before), ways: open, after: entries(after), result: { node: 'result', outcome } as FlowEntry };
}

/** The ways side by side. */
function wide(flow: readonly FlowEntry[], words: Words): Layout {
  const { before, ways, after, result } = parts(flow, words);
  const width = 480;
  const middle = width / 2;
  const trunk = 200;
  const layout: Layout = { className: 'wide', width, height: 0, boxes: [], titles: [], edges: [], result: { entry: result, x: middle - trunk / 2, y: 0, width: trunk } };
  let y = 4;
  const place = (entry: FlowEntry, center: number, boxWidth: number) => {
    layout.boxes.push({ entry, x: center - boxWidth / 2, y, width: boxWidth });
    y += height + gap;
  };
  const stopped = before.find((entry) => toneOf(entry) === 'denies' || toneOf(entry) === 'failed');
  let stop: number | undefined;
  before.forEach((entry, i) => {
    if (i > 0) layout.edges.push({ points: [[middle, y - gap], [middle, y]], lit: entry.outcome !== 'notReached' });
    if (entry === stopped) stop = y + height / 2;
    place(entry, middle, trunk);
  });
  const fork = y - gap;
  const top = fork + 44;
  const column = width / Math.max(ways.length, 1);
  const boxWidth = Math.min(column - 10, 220);
  const ends: { x: number; y: number; allows: boolean }[] = [];
  ways.forEach((way, i) => {
    const x = column * (i + 0.5);
    layout.edges.push({ points: [[middle, fork], [middle, fork + 12], [x, fork + 12], [x, top]], lit: way.reached });
    layout.titles.push({ text: way.title, x, y: fork + 34 });
    y = top;
    way.entries.forEach((entry, j) => {
      if (j > 0) layout.edges.push({ points: [[x, y - gap], [x, y]], lit: entry.outcome !== 'notReached' });
      place(entry, x, boxWidth);
    });
    ends.push({ x, y: y - gap, allows: way.allows });
  });
  const join = Math.max(fork, ...ends.map((end) => end.y)) + 14;
  y = join + 14;
  for (const end of ends) layout.edges.push({ points: [[end.x, end.y], [end.x, join], [middle, join], [middle, y]], lit: end.allows });
  after.forEach((entry) => {
    place(entry, middle, trunk);
    layout.edges.push({ points: [[middle, y - gap], [middle, y]], lit: entry.outcome === 'yes' });
  });
  layout.result.y = y;
  if (stop !== undefined) {
    const side = width - 4;
    layout.edges.push({ points: [[middle + trunk / 2, stop], [side, stop], [side, y + height / 2], [middle + trunk / 2, y + height / 2]], lit: true });
  }
  layout.height = y + height + 4;
  return layout;
}

/** The ways one below the other, between a rail that asks (left) and one that allows (right). */
function narrow(flow: readonly FlowEntry[], words: Words): Layout {
  const { before, ways, after, result } = parts(flow, words);
  const width = 300;
  const left = 10;
  const right = width - 10;
  const x = 28;
  const boxWidth = width - 2 * x;
  const layout: Layout = { className: 'narrow', width, height: 0, boxes: [], titles: [], edges: [], result: { entry: result, x, y: 0, width: boxWidth } };
  let y = 4;
  const place = (entry: FlowEntry) => {
    layout.boxes.push({ entry, x, y, width: boxWidth });
    y += height + gap / 2;
  };
  const middle = width / 2;
  const stopped = before.find((entry) => toneOf(entry) === 'denies' || toneOf(entry) === 'failed');
  let stop: number | undefined;
  before.forEach((entry, i) => {
    if (i > 0) layout.edges.push({ points: [[middle, y - gap / 2], [middle, y]], lit: entry.outcome !== 'notReached' });
    if (entry === stopped) stop = y + height / 2;
    place(entry);
  });
  const fork = y - gap / 2 - height / 2;
  const allowing: number[] = [];
  for (const way of ways) {
    if (way.title) {
      y += 14;
      layout.titles.push({ text: way.title, x: middle, y: y - 2 });
      y += 6;
    }
    layout.edges.push({ points: [[x, fork], [left, fork], [left, y + height / 2], [x, y + height / 2]], lit: way.reached });
    way.entries.forEach((entry, j) => {
      if (j > 0) layout.edges.push({ points: [[middle, y - gap / 2], [middle, y]], lit: entry.outcome !== 'notReached' });
      place(entry);
    });
    if (way.allows) allowing.push(y - gap / 2 - height / 2);
  }
  y += 8;
  const join = y + height / 2;
  for (const from of allowing) layout.edges.push({ points: [[x + boxWidth, from], [right, from], [right, join], [x + boxWidth, join]], lit: true });
  if (stop !== undefined) allowing.push(stop);
  after.forEach((entry) => {
    place(entry);
    layout.edges.push({ points: [[middle, y - gap / 2], [middle, y]], lit: entry.outcome === 'yes' });
  });
  layout.result.y = y;
  if (stop !== undefined) {
    layout.edges.push({ points: [[x + boxWidth, stop], [right, stop], [right, y + height / 2], [x + boxWidth, y + height / 2]], lit: true });
  }
  layout.height = y + height + 4;
  return layout;
}

function chart(flow: readonly FlowEntry[], verdict: Verdict, words: Words, arrange: (flow: readonly FlowEntry[], words: Words) => Layout) {
  const layout = arrange(flow, words);
  const edges = layout.edges.toSorted((a, b) => Number(a.lit) - Number(b.lit));
  return html`<svg class="chart ${layout.className}" viewBox="0 0 ${layout.width} ${layout.height}" role="img" aria-label=${words.text('flow.picture')}>
    ${edges.map(({ points, lit }) => svg`<path class="edge ${lit ? 'lit' : ''}" d=${`M${points.map((point) => point.join(' ')).join('L')}`} />`)}
    ${layout.titles.map(({ text, x, y }) => svg`<text class="way" x=${x} y=${y}>${text}</text>`)}
    ${layout.boxes.map((box) => node(box, words))}
    ${outcome(layout.result, verdict, words)}
  </svg>`;
}

const marks: { [tone in Tone]: string } = { passed: 'M-4 0L-1 3L4 -4', failed: 'M-3 -3L3 3M3 -3L-3 3', denies: 'M-3 -3L3 3M3 -3L-3 3', skipped: 'M-3 0H3', unknown: 'M-2.5 -2.5a2.5 2.5 0 1 1 3.5 2.3C.3 .2 0 .6 0 1.5M0 4.2v.1' };

function node({ entry, x, y, width }: Box, words: Words) {
  const tone = toneOf(entry);
  const middle = x + width / 2;
  if (entry.node === 'result') return '';
  return svg`<g class="node ${tone}">
    <rect x=${x} y=${y} width=${width} height=${height} rx="8" />
    <text x=${middle} y=${y + 19}>${words.text(`flow.node.${entry.node}`)}</text>
    <text class="outcome" x=${middle + 8} y=${y + 37}>${words.text(`flow.${entry.outcome}`)}</text>
    <path class="mark" transform="translate(${middle - 4 - textWidth(words.text(`flow.${entry.outcome}`)) / 2} ${y + 33})" d=${marks[tone]} />
  </g>`;
}

function outcome({ x, y, width }: Box, verdict: Verdict, words: Words) {
  const middle = x + width / 2;
  const label = resultLabel(verdict, words);
  return svg`<g class="result ${verdict}">
    <rect x=${x} y=${y} width=${width} height=${height} rx=${height / 2} />
    <text x=${middle + 10} y=${y + 29}>${label}</text>
    <path class="mark" transform="translate(${middle - 6 - textWidth(label) * 0.68} ${y + 23}) scale(1.4)" d=${verdict === 'allowed' ? marks.passed : verdict === 'deniedUnless' ? marks.unknown : marks.failed} />
  </g>`;
}

/** About how wide a text of the outcome's size is: CJK characters are as wide as high. */
function textWidth(text: string): number {
  return [...text].reduce((sum, character) => sum + (character > '\u2e80' ? 12 : 7.2), 0);
}
