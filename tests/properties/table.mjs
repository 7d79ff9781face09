// All properties, in the order of their numbers.

import { combination } from './combination.mjs';

const number = ({ id }) => Number(id.slice(1).replace(/\D.*/, ''));

export const properties = [combination].flat().sort((a, b) => number(a) - number(b));
