import { hardPopulation } from './hard-population.js';
import { lanedPopulation } from './laned-population.js';
import type { Population, PopulationName } from './population.js';

/** Makes the population of a name with so many policies; the same in every run. */
export function makePopulation(name: PopulationName, size: number): Population {
  switch (name) {
    case 'laned':
      return lanedPopulation(size, 'derived');
    case 'told':
      return lanedPopulation(size, 'told');
    case 'hard':
      return hardPopulation(size);
  }
}
