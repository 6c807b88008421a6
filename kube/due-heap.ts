/**
 * A binary heap of keys by due time, equal times in the order they were asked for. Items are never searched for:
 * those that the owner no longer counts as valid are dropped when they reach the top.
 */
export interface Due {
  readonly key: string;
  /** Monotonic milliseconds. */
  readonly due: number;
  readonly order: number;
}

export interface DueHeap {
  push(item: Due): void;
  /** The earliest valid item. */
  peek(): Due | undefined;
  pop(): void;
}

export function dueHeap(isValid: (item: Due) => boolean): DueHeap {
  const items: Due[] = [];
  const pop = (): void => {
    const last = items.pop();
    if (last === undefined || items.length === 0) return;
    items[0] = last;
    sink(items);
  };
  return {
    push(item) {
      items.push(item);
      rise(items);
    },
    peek() {
      for (let first = items[0]; first !== undefined; first = items[0]) {
        if (isValid(first)) return first;
        pop();
      }
      return undefined;
    },
    pop,
  };
}

function earlier(one: Due | undefined, other: Due | undefined): boolean {
  if (one === undefined || other === undefined) return one !== undefined;
  return one.due < other.due || (one.due === other.due && one.order < other.order);
}

/** Restores the order after an item was put last. */
function rise(items: Due[]): void {
  let at = items.length - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (!earlier(items[at], items[parent])) return;
    swap(items, at, parent);
    at = parent;
  }
}

/** Restores the order after an item was put first. */
function sink(items: Due[]): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const child = earlier(items[left + 1], items[left]) ? left + 1 : left;
    if (!earlier(items[child], items[at])) return;
    swap(items, at, child);
    at = child;
  }
}

function swap(items: Due[], one: number, other: number): void {
  const [first, second] = [items[one], items[other]];
  if (first === undefined || second === undefined) return;
  items[one] = second;
  items[other] = first;
}
