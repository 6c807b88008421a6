/** The losses of stochastic gradient descent, by scikit-learn's names. Of classes, `y` is 1 or -1. */
import type { Loss } from "./sgd.ts";

/** Nothing where y * output is above `threshold`. */
const hinge = (threshold: number): Loss => ({
  cost: (output, y) => Math.max(0, threshold - y * output),
  slope: (output, y) => (y * output <= threshold ? -y : 0),
});

export const classLosses = {
  hinge: hinge(1),
  log_loss: {
    cost: (output, y) => softplus(-y * output),
    slope: (output, y) => -y / (1 + Math.exp(y * output)),
  },
  /** Zhang, "Solving large scale linear prediction problems using stochastic gradient descent algorithms", 2004. */
  modified_huber: {
    cost: (output, y) => (y * output < -1 ? -4 * y * output : Math.max(0, 1 - y * output) ** 2),
    slope: (output, y) => (y * output < -1 ? -4 * y : -2 * y * Math.max(0, 1 - y * output)),
  },
  squared_hinge: {
    cost: (output, y) => Math.max(0, 1 - y * output) ** 2,
    slope: (output, y) => -2 * y * Math.max(0, 1 - y * output),
  },
  perceptron: hinge(0),
} satisfies Record<string, Loss>;

/** Of the losses for numbers that have one: what is a small miss. */
const epsilon = 0.1;

export const numberLosses = {
  squared_error: {
    cost: (output, y) => 0.5 * (output - y) ** 2,
    slope: (output, y) => output - y,
  },
  huber: {
    cost(output, y) {
      const missed = Math.abs(output - y);
      return missed <= epsilon ? 0.5 * missed * missed : epsilon * missed - 0.5 * epsilon * epsilon;
    },
    slope: (output, y) => Math.min(epsilon, Math.max(-epsilon, output - y)),
  },
  epsilon_insensitive: {
    cost: (output, y) => Math.max(0, Math.abs(output - y) - epsilon),
    slope: (output, y) => (Math.abs(output - y) > epsilon ? Math.sign(output - y) : 0),
  },
} satisfies Record<string, Loss>;

/** log(1 + exp(x)), which overflows nowhere. */
const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
