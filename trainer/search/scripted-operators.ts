/**
 * Operators for tests of what runs a search: some that answer simply, and some that do what no operator may do. Tests
 * name this module to a trial process, which then knows them beside its own.
 */
import { asFields } from "../../model/fields.ts";
import type { Step } from "../../model/steps/step.ts";
import type { Operator, Parameters } from "../operators/operator.ts";
import type { OperatorTable, Pipeline, PipelineStep } from "./pipeline.ts";

const both = ["classification", "regression"] as const;
const none: Operator["parameters"] = {};

/** How often each operator was fitted in this process, by its name. */
export const fits: Record<string, number> = {};
function counted(name: string): void {
  fits[name] = (fits[name] ?? 0) + 1;
}

/** Answers the mean of the rows that it was fitted on, moved by what it is told: worse, the farther. */
const mean: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: { by: [0, 1, 2, 3, 4, 5, 6, 7] },
  fit({ target }, { by }) {
    counted("mean");
    if (target.problemType !== "regression") throw new TypeError("not for classes");
    const sum = target.values.reduce((total, value) => total + value, 0);
    return { value: sum / target.values.length + Number(by) };
  },
};

/** Multiplies each column. */
const times: Operator = {
  kind: "transformer",
  problemTypes: both,
  parameters: { factor: [2, 3, 1e300] },
  fit(_, { factor }) {
    counted("times");
    return { factor };
  },
};

/** Makes as many columns of the first one. */
const wide: Operator = {
  kind: "transformer",
  problemTypes: both,
  parameters: { columns: [2, 501] },
  fit: (_, { columns }) => ({ columns }),
};

/** Says beforehand that it takes more memory than there is. */
const greedy: Operator = {
  kind: "transformer",
  problemTypes: both,
  parameters: none,
  bytes: ({ rows }) => rows * 1e9,
  fit: () => ({ factor: 1 }),
};

/** Its members are numbers drawn one after the other, its answer their mean. */
const crowd: Operator = {
  kind: "predictor",
  problemTypes: ["regression"],
  parameters: { members: [8] },
  fit({ seed }, { members }) {
    counted("crowd");
    return { members: membersFrom(seed, 0, Number(members)) };
  },
  growing: {
    parameter: "members",
    members: 8,
    extend({ seed }, { members }, fitted) {
      counted("crowd extended");
      const { members: before } = fitted as { members: number[] };
      return { members: [...before, ...membersFrom(seed, before.length, Number(members))] };
    },
  },
};

function membersFrom(seed: number, first: number, members: number): number[] {
  return Array.from({ length: members - first }, (_, index) => ((seed % 1000) + first + index) / 100);
}

function endless(name: string, work: () => void): Record<string, Operator> {
  const fit = (): object => {
    for (;;) work();
  };
  return { [name]: { kind: "transformer", problemTypes: both, parameters: none, fit } };
}

function failing(name: string, fail: (parameters: Parameters) => never): Record<string, Operator> {
  return { [name]: { kind: "transformer", problemTypes: both, parameters: none, fit: (_, given) => fail(given) } };
}

const kept: unknown[] = [];
/** Node has it; its types do not say so. */
const { Memory } = Reflect.get(globalThis, "WebAssembly") as {
  Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer };
};

export const faults = {
  ...endless("fillsHeap", () => kept.push({ like: { all: [kept.length] } })),
  ...endless("fillsArrays", () => kept.push(new Float64Array(1 << 16).fill(1))),
  ...endless("fillsWasm", () => {
    const memory = new Memory({ initial: 16 });
    new Uint8Array(memory.buffer).fill(1);
    kept.push(memory);
  }),
  ...endless("loops", () => undefined),
  ...endless("sorts", () => {
    const numbers = Array.from({ length: 1000 }, (_, index) => index);
    // Each comparison takes long, and none of them ends the sort.
    numbers.sort((a, b) => {
      let sum = 0;
      for (let i = 0; i < 1e9; i++) sum += i % 7;
      return sum > 0 ? b - a : a - b;
    });
  }),
  ...failing("throws", () => {
    throw new Error("a step that does not go on");
  }),
  ...failing("throwsText", () => {
    // eslint-disable-next-line no-throw-literal
    throw "no error at all";
  }),
  ...failing("exits", () => process.exit(3)),
};

export const operators: OperatorTable = { mean, times, wide, greedy, crowd, ...faults };

const answering = (value: (fitted: ReturnType<typeof asFields>) => number): Step => ({
  kind: "predictor",
  read: (fitted) => {
    const answer = value(asFields(fitted));
    return {
      columns: 1,
      apply: ({ rows }) => ({ rows, columns: 1, values: new Float64Array(rows).fill(answer) }),
    };
  },
});

const scaling: Step = {
  kind: "transformer",
  read: (fitted, { columns }) => {
    const factor = Number(asFields(fitted).factor);
    return { columns, apply: (input) => ({ ...input, values: input.values.map((value) => value * factor) }) };
  },
};

const widening: Step = {
  kind: "transformer",
  read(fitted) {
    const columns = Number(asFields(fitted).columns);
    return {
      columns,
      apply: ({ rows, columns: from, values }) => ({
        rows,
        columns,
        values: Float64Array.from({ length: rows * columns }, (_, at) => values[Math.floor(at / columns) * from]!),
      }),
    };
  },
};

const unused: Step = scaling;

export const steps: Readonly<Record<string, Step>> = {
  mean: answering(({ value }) => Number(value)),
  crowd: answering(({ members }) => {
    const numbers = members as number[];
    return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
  }),
  times: scaling,
  wide: widening,
  greedy: scaling,
  ...Object.fromEntries(Object.keys(faults).map((name) => [name, unused])),
};

/** `step("mean", { by: 2 })`: of these operators, whose names the schema does not know. */
export function step(operator: string, parameters: Parameters = {}): PipelineStep {
  const defaults = Object.entries(operators[operator]?.parameters ?? {}).map(
    ([name, [first]]) => [name, first] as const,
  );
  const all: Parameters = { ...Object.fromEntries(defaults), ...parameters };
  return { operator: operator as PipelineStep["operator"], parameters: all };
}

export function pipeline(...parts: (string | PipelineStep)[]): Pipeline {
  return parts.map((part) => (typeof part === "string" ? step(part) : part));
}
