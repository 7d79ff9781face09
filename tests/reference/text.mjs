// Text matching of the policy language: wildcards, numbers, dates, addresses, binary values.

/** The two wildcards, kept apart from the characters `*` and `?` that a variable may bring in as data (IL:V-04). */
export const ANY = Symbol('*');
export const ONE = Symbol('?');

/** Splits text into pattern tokens: single characters, ANY and ONE. */
export const wild = (text) => [...text].map((c) => (c === '*' ? ANY : c === '?' ? ONE : c));

/** Splits text into tokens that stand for themselves. */
export const literal = (text) => [...text];

/**
 * Does the whole text match the tokens? `crosses(i)` says whether the wildcard at token i may match a colon.
 * A table of positions instead of backtracking, so that no pattern is slow.
 */
function matches(tokens, text, crosses) {
  const chars = [...text];
  let reach = new Array(chars.length + 1).fill(false);
  reach[0] = true;
  tokens.forEach((token, i) => {
    const next = new Array(chars.length + 1).fill(false);
    if (token === ANY) {
      let open = false;
      for (let p = 0; p <= chars.length; p++) {
        if (p > 0 && chars[p - 1] === ':' && !crosses(i)) open = false;
        if (reach[p]) open = true;
        next[p] = open;
      }
    } else {
      for (let p = 0; p < chars.length; p++) {
        if (!reach[p]) continue;
        if (token === ONE ? chars[p] !== ':' || crosses(i) : token === chars[p]) next[p + 1] = true;
      }
    }
    reach = next;
  });
  return reach[chars.length];
}

/** StringLike: wildcards match everything (IL:O-03). */
export const glob = (tokens, text) => matches(tokens, text, () => true);

/** Resource: a star that closes its segment may extend past the colon, another one may not (IL:R-04). */
export function resourceGlob(tokens, text) {
  const crosses = (i) => tokens[i] === ANY && (i + 1 === tokens.length || tokens[i + 1] === ':');
  if (matches(tokens, text, crosses)) return true;
  // Missing parts of an ARN behave like a star (IL:R-06).
  const missing = 5 - tokens.filter((t) => t === ':').length;
  if (missing <= 0) return false;
  const padded = [...tokens];
  for (let i = 0; i < missing; i++) padded.push(':', ANY);
  return matches(padded, text, (i) => padded[i] === ANY && (i + 1 === padded.length || padded[i + 1] === ':'));
}

/** Splits tokens or characters at the first five colons; null when there are fewer than six parts. */
function sixParts(tokens) {
  const parts = [[]];
  for (const t of tokens) {
    if (t === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1).push(t);
  }
  return parts.length === 6 ? parts : null;
}

/** ArnEquals, ArnLike: six parts, each matched for itself (IL:O-09). */
export function arnGlob(tokens, text) {
  const pattern = sixParts(tokens);
  const value = sixParts([...text]);
  if (!pattern || !value || value[0].join('') !== 'arn') return false;
  return pattern.every((part, i) => glob(part, value[i].join('')));
}

const DIGITS = 100;

/** A decimal number as an exact integer of 10^-DIGITS, or null. */
export function number(text) {
  const m = /^([+-]?)(\d+)(?:\.(\d{1,100}))?$/.exec(text);
  return m && BigInt(`${m[1] === "-" ? "-" : ""}${m[2]}${(m[3] ?? "").padEnd(DIGITS, "0")}`);
}

/** A point in time in milliseconds, from ISO 8601 or from seconds since 1970 (IL:O-05), or null. */
export function date(text) {
  if (/^-?\d+(\.\d+)?$/.test(text) && !/^\d{4}$/.test(text)) return Number(text) * 1000;
  const m = /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(\.\d+)?)?(Z|[+-]\d\d:?\d\d))?)?)?$/i.exec(text);
  if (!m) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', fraction = '', zone = 'Z'] = m;
  const offset = /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...)(\d\d)$/, '$1:$2');
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
  return Number.isNaN(at) ? null : at + (fraction ? Number(fraction) * 1000 : 0);
}

/** An address as {bits, size}, or null. */
function address(text) {
  if (/^(0|[1-9]\d{0,2})(\.(0|[1-9]\d{0,2})){3}$/.test(text)) {
    const bytes = text.split('.').map(Number);
    return bytes.every((b) => b < 256) ? { bits: bytes.reduce((n, b) => n * 256n + BigInt(b), 0n), size: 32 } : null;
  }
  if (!text.includes(':')) return null;
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const groups = halves.map((h) => (h === '' ? [] : h.split(':')));
  const count = groups.flat().length;
  if (halves.length === 1 ? count !== 8 : count > 7) return null;
  if (halves.length === 2) groups.splice(1, 0, new Array(8 - count).fill('0'));
  const all = groups.flat();
  if (!all.every((g) => /^[0-9a-f]{1,4}$/i.test(g))) return null;
  return { bits: all.reduce((n, g) => n * 65536n + BigInt(`0x${g}`), 0n), size: 128 };
}

/** Is the address inside the range? null when the range cannot be read (IL:O-08). */
export function inRange(text, range) {
  const [base, length] = range.split('/');
  const from = address(base);
  if (!from || (length !== undefined && !/^\d{1,3}$/.test(length))) return null;
  const prefix = length === undefined ? from.size : Number(length);
  if (prefix > from.size) return null;
  const value = address(text);
  if (!value || value.size !== from.size) return false;
  const shift = BigInt(from.size - prefix);
  return value.bits >> shift === from.bits >> shift;
}

/** Are two base64 texts the same bytes? null when the first cannot be read (IL:O-07). */
export function sameBytes(policyText, text) {
  const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
  if (!base64.test(policyText)) return null;
  return base64.test(text) && Buffer.from(policyText, 'base64').equals(Buffer.from(text, 'base64'));
}

/** Lower case for ASCII and Latin-1 only: policy text cannot hold more (IL:O-02). */
export const fold = (text) =>
  text.replace(/[A-Z\u00c0-\u00d6\u00d8-\u00de]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 32));

/** A list, whether one value was written or several (IL:G-03). */
export const list = (value) => (value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]);
