// The ambiguities that have more than one reading (core/RULES.md); the first reading is the default.

export const READINGS = {
  'A-1': ['granteeForm', 'limited', 'unlimited'],
  'A-2': ['issuingAccount', 'identityPolicy', 'grantAlone'],
  'A-3': ['limited', 'unlimited'],
  'A-4': ['delegates', 'allows'],
  'A-5': ['authorizationFirst', 'keyStateFirst'],
  'A-10': ['keyIgnoresCase', 'keyMatchesCase'],
  'A-11': ['neverMatches', 'notApplied'],
  'A-12': ['ownerToo', 'issuingAccountOnly'],
  'A-13': ['sourceArnRequired', 'servicesOnly'],
  'A-16': ['noConstraint', 'emptyContext'],
  'A-17': ['refused', 'allowed'],
  'A-18': ['exact', 'wildcards'],
  'A-21': ['noEffect', 'denyCounts'],
  'A-22': ['counts', 'exempt'],
  'A-25': ['stillVisible', 'gone'],
  'P-23': ['matches', 'label'],
  'IL:C-05': ['failsClosed', 'failsOpen'],
  'IL:P-03': ['servicesToo', 'principalsOnly'],
  'IL:X-01': ['language2008', 'language2012'],
  'IL:X-02': ['filledIn', 'literal'],
  'IL:X-03': ['emptySet', 'emptyValue'],
  'IL:X-04': ['absent', 'present'],
  'IL:X-05': ['failsClosed', 'failsOpen'],
  'IL:X-06': ['neverMatches', 'anyValue'],
  'IL:X-09': ['denied', 'spared'],
};

/**
 * Asks a question under the readings of the scenario, and again under every other reading that was looked at.
 * `ask(reads)` gives an answer with a decision; `reads(id)` names the reading in force. Gives the answer with
 * `assumptions`: the ambiguities whose other readings decide otherwise.
 */
export function underReadings(chosen, ask) {
  const inForce = (id) => chosen?.[id] ?? READINGS[id][0];
  const looked = new Set();
  const answer = ask((id) => {
    looked.add(id);
    return inForce(id);
  });
  const hinges = (id) =>
    READINGS[id].some(
      (other) => other !== inForce(id) && ask((asked) => (asked === id ? other : inForce(asked))).decision !== answer.decision,
    );
  return { ...answer, assumptions: [...looked].filter(hinges).sort() };
}
