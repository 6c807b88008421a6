/** All kinds that the server serves, found by their address or by their id. */
import type { Kind } from "./kind.ts";

export interface Kinds {
  readonly all: readonly Kind[];
  byId(id: string): Kind;
  find(address: { group: string; version: string; plural: string }): Kind | undefined;
}

export function createKinds(all: readonly Kind[]): Kinds {
  const byId = new Map(all.map((kind) => [kind.id, kind]));
  return {
    all,
    byId(id) {
      const kind = byId.get(id);
      if (kind === undefined) throw new Error(`the local API server has no kind ${id}`);
      return kind;
    },
    find({ group, version, plural }) {
      return all.find(
        ({ resource }) => resource.plural === plural && resource.group === group && resource.version === version,
      );
    },
  };
}
