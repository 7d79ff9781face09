/** Repairs of texts that are almost JSON: what is replaced by what. The engine says where and what is wrong. */
import type { Diagnostic } from '../engine/types';

export interface Fix {
  /** The sentence on its button. */
  kind: 'removeComma' | 'straightQuotes' | 'doubleQuotes' | 'removeComment' | 'removeCharacter' | 'halfWidth' | 'addComma' | 'close';
  from: number;
  to: number;
  insert: string;
}

/** The repair of a syntax error, when there is one that most likely is meant. */
export function fixOf({ code, params, range }: Diagnostic, text: string): Fix | undefined {
  if (code !== 'json.syntax' || !range) return undefined;
  const at = range.start.offset;
  const before = text.slice(0, at).trimEnd().length;
  const rest = text.slice(at);
  switch (params['cause']) {
    case 'trailingComma':
      return { kind: 'removeComma', from: before - 1, to: before, insert: '' };
    case 'smartQuote':
      return { kind: 'straightQuotes', from: 0, to: text.length, insert: text.replace(/[“”„‟]/g, '"') };
    case 'singleQuote': {
      const [quoted = '', inside = ''] = /^'((?:[^'\\\n]|\\.)*)'/.exec(rest) ?? [];
      return quoted === '' ? undefined : { kind: 'doubleQuotes', from: at, to: at + quoted.length, insert: JSON.stringify(inside.replaceAll("\\'", "'")) };
    }
    case 'comment': {
      const [comment = ''] = /^(?:#|\/\/)[^\n]*|^\/\*[^]*?\*\//.exec(rest) ?? [];
      return comment === '' ? undefined : { kind: 'removeComment', from: at, to: at + comment.length, insert: '' };
    }
    case 'character':
      if (/^[\uff01-\uff5e]/.test(rest)) return { kind: 'halfWidth', from: 0, to: text.length, insert: halfWidth(text) };
      // Invisible ones come along with what is copied from web pages; of the others nobody knows what is meant.
      return /^[\u00a0\u200b-\u200d\u2060\u3000\ufeff]/.test(rest) ? { kind: 'removeCharacter', from: at, to: at + 1, insert: ' ' } : undefined;
    case 'separator': {
      // Of a string that stands where none may, the engine names the last character.
      const string = [...text.matchAll(/"(?:[^"\\]|\\.)*"/g)].find((match) => match.index + match[0].length - 1 === at);
      const end = text.slice(0, string?.index ?? at).trimEnd().length;
      return /["\]}\w]$/.test(text.slice(0, end)) ? { kind: 'addComma', from: end, to: end, insert: ',' } : undefined;
    }
    case 'incomplete': {
      const missing = missingEnd(text);
      return missing === '' ? undefined : { kind: 'close', from: text.trimEnd().length, to: text.length, insert: missing };
    }
    default:
      return undefined;
  }
}

/** The text with its full-width punctuation in half width, as input methods for Japanese write it; what is quoted stays. */
function halfWidth(text: string): string {
  const narrow = (wide: string) => wide.replace(/[\uff01-\uff5e]/g, (character) => String.fromCharCode(character.charCodeAt(0) - 0xfee0)).replaceAll('\u3000', ' ');
  return text
    .split(/("(?:[^"\\]|\\.)*"|\uff02[^\uff02]*\uff02)/)
    .map((part, i) => (i % 2 === 0 ? narrow(part) : part.startsWith('"') ? part : `"${part.slice(1, -1)}"`))
    .join('');
}

/** The quote and brackets that close what a text leaves open; nothing when a value is missing as well. */
function missingEnd(text: string): string {
  const open: string[] = [];
  let inString = false;
  for (const [token] of text.matchAll(/\\.|["{}[\]]/gs)) {
    if (token === '"') inString = !inString;
    else if (inString) continue;
    else if (token === '{') open.push('}');
    else if (token === '[') open.push(']');
    else open.pop();
  }
  if (!inString && /[:,]\s*$/.test(text)) return '';
  return (inString ? '"' : '') + open.reverse().join('');
}
