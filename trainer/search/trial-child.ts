/**
 * The process in which trials run, for trial-process.ts: it keeps the rows, and what it has computed of them, and does one
 * thing after the other. It loads operators and nothing else, so that it starts quickly. While a trial runs it
 * hears nothing, so it ends by being killed, or by itself when nobody is there any more.
 */
import { steps } from "../../model/steps/table.ts";
import { operators } from "../operators/table.ts";
import { Evaluator } from "./evaluate.ts";
import { refit } from "./refit.ts";
import { toldError } from "./told-error.ts";
import type { Beginning, TrialAnswer, TrialOrder } from "./trial-orders.ts";

let evaluator: Evaluator | undefined;

// Ctrl-C reaches all processes of a terminal: what becomes of a trial then is for the trainer to say.
process.on("SIGINT", () => undefined);

process.on("message", (order: TrialOrder) => {
  void answerTo(order).then((answer) => process.send?.(answer));
});

async function answerTo(order: TrialOrder): Promise<TrialAnswer> {
  try {
    if ("begin" in order) {
      evaluator = await begin(order.begin);
      return { ready: true };
    }
    if (evaluator === undefined) throw new Error("there are no rows");
    if ("evaluate" in order) return { scores: evaluator.evaluate(order.evaluate) };
    return { refitted: refit(evaluator, order.refit) };
  } catch (error) {
    return { error: toldError(error) };
  }
}

async function begin({ data, moreOperators, ...bounds }: Beginning): Promise<Evaluator> {
  const more = moreOperators === undefined ? {} : ((await import(moreOperators)) as More);
  return new Evaluator(data, {
    operators: { ...operators, ...more.operators },
    steps: { ...steps, ...more.steps },
    ...bounds,
  });
}

type More = Partial<Pick<ConstructorParameters<typeof Evaluator>[1], "operators" | "steps">>;
