import type { Guard } from "./guard.ts";

export const guards: Guard[] = [
  {
    name: "equally good columns share the importance",
    file: "trainer/forest/best-cut.ts",
    find: "return mine < other || (mine === other && this.#offered < this.column);",
    replace: "return false;",
    test: "trainer/forest/reference.test.ts",
  },
  {
    name: "a batch of three columns leaves nothing for the next",
    file: "trainer/forest/mean-criterion.ts",
    find: "for (const histogram of each) histogram.collectAll();",
    replace: "for (const histogram of each.slice(0, 3)) histogram.collectAll();",
    test: "trainer/forest/reference.test.ts",
  },
  {
    name: "a split with events on one side only is no split by poisson",
    file: "trainer/forest/impurity.ts",
    find: "(sum > 0 ? sum * Math.log(sum / weight) : -Infinity)",
    replace: "(sum > 0 ? sum * Math.log(sum / weight) : 0)",
    test: "trainer/forest/growth.test.ts",
  },
  {
    name: "weights leave room for the rows of a population",
    file: "trainer/forest/weights.ts",
    find: "if (scale > 1e6 || heaviest * scale > largest) scale",
    replace: "if (scale > 1e6) scale",
    test: "trainer/forest/weights.test.ts",
  },
  {
    name: "an unknown class has no weight",
    file: "trainer/forest/weights.ts",
    find: "if (index < 0) throw",
    replace: "if (index < -1) throw",
    test: "trainer/forest/options.test.ts",
  },
  {
    name: "a poisson target is not negative",
    file: "trainer/forest/shared.ts",
    find: "if (min < 0) throw",
    replace: "if (min < -Infinity) throw",
    test: "trainer/forest/options.test.ts",
  },
];
