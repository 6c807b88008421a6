/** Rules of what a search is told. */
import { forest, task, type Case, type Step } from "./step.ts";

const search = (part: object): Step => task({ ...forest, trainer: { search: part } });

export const searchCases: Record<string, Case> = {
  "mutations and crossovers are no more than all": {
    bad: [
      search({ mutationRate: "0.95" }),
      search({ crossoverRate: "0.100001" }),
      search({ mutationRate: "1", crossoverRate: "0.000001" }),
      search({ mutationRate: "0.7", crossoverRate: "0.300001" }),
    ],
    good: [
      search({}),
      search({ mutationRate: "0.7", crossoverRate: "0.3" }),
      search({ mutationRate: "1.0", crossoverRate: "0" }),
      search({ mutationRate: "0.333333", crossoverRate: "0.666667" }),
      search({ mutationRate: "0.2" }),
    ],
  },
  "preset or operators": {
    bad: [search({ preset: "light", operators: ["standardScaler"] })],
    good: [
      search({ preset: "light" }),
      search({ operators: ["standardScaler"] }),
      search({ preset: "default", operators: ["standardScaler"] }),
    ],
  },
};
