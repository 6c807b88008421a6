/** Tells those who follow a task's log that something was stored, so that they need not look again and again. */
export interface ChunkNotices {
  /** Wakes everyone who waits for this task. */
  stored(task: string): void;
  /** Calls `listener` after each chunk of this task; the answer ends it. */
  listen(task: string, listener: () => void): () => void;
}

export function chunkNotices(): ChunkNotices {
  const listeners = new Map<string, Set<() => void>>();
  return {
    stored(task) {
      for (const listener of listeners.get(task) ?? []) listener();
    },
    listen(task, listener) {
      const all = listeners.get(task) ?? new Set();
      listeners.set(task, all.add(listener));
      return () => {
        all.delete(listener);
        if (all.size === 0 && listeners.get(task) === all) listeners.delete(task);
      };
    },
  };
}
