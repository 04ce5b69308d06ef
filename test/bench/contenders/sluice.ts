import { compilePolicySet, type Decision, decide } from '@sluice/engine';
import type { Contender } from '../contender.js';
import { policySetOf } from '../policy-set-of.js';

/** Sluice: the whole decision, with stage, window and reply. */
export const SLUICE_CONTENDER: Contender = {
  name: 'sluice',
  prepare: (population) => {
    const compiled = compilePolicySet(policySetOf(population), { gatewayName: 'gateway.example' });
    return {
      isAsync: false,
      ask: ({ facts, record, now }) => decide(compiled, facts, record, now),
      nameOf: (answer) => (answer as Decision).policy,
    };
  },
};
