// All properties, in the order of their numbers.

import { combination } from './combination.mjs';
import { encryptionContext } from './grants.mjs';
import { matching } from './matching.mjs';
import { representation } from './representation.mjs';

const number = ({ id }) => Number(id.slice(1).replace(/\D.*/, ''));

export const properties = [combination, representation, matching, encryptionContext].flat().sort((a, b) => number(a) - number(b));
