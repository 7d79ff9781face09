// All properties, in the order of their numbers.

import { combination } from './combination.mjs';
import { composition } from './composition.mjs';
import { conditions } from './conditions.mjs';
import { encryptionContext } from './grants.mjs';
import { matching } from './matching.mjs';
import { representation } from './representation.mjs';
import { trace } from './trace.mjs';

const number = ({ id }) => Number(id.slice(1).replace(/\D.*/, ''));

export const properties = [combination, representation, matching, encryptionContext, conditions, composition, trace].flat().sort((a, b) => number(a) - number(b));
