/**
 * When a model is finished, and as what: a function of the stored parts and the task alone, so that whoever asks, and
 * however often, seals the same bytes.
 */
import { createHash } from "node:crypto";
import type { EndLine, HeaderLine } from "../../model/format.ts";
import { modelLines } from "../../model/lines.ts";
import { terminalCondition } from "../../traintask/state.ts";
import type { TrainTask } from "../../traintask/task.ts";
import { parsePodPartName } from "../artifacts/pod-part.ts";
import type { ArtifactStore, Seal } from "../artifacts/store.ts";
import { mergedLines } from "./model-bytes.ts";

/** The report has one part, whichever pod makes it. */
export const reportPart = "0";

/**
 * The seal of a task's model if it is time: all parts are done and the report is there, or the task has ended and
 * left at least one tree, or a whole pipeline.
 * @returns undefined while the model is not finished, and for a task that ended without a tree or a whole pipeline
 * @throws ModelFormatError when what was stored is no model
 */
export async function makeSeal(store: ArtifactStore, task: TrainTask): Promise<Seal | undefined> {
  const { uid } = task.metadata;
  const parts = (await store.parts(uid, "model")).toSorted((a, b) => Number(a.name) - Number(b.name));
  const whole = parts.filter((part) => part.done).length === task.spec.shards;
  const reported = whole && (await store.state({ task: uid, stream: "report", name: reportPart })).done;
  if (!reported && terminalCondition(task) === undefined) return undefined;
  const written = parts.filter((part) => part.length > 0).map(({ name, length }) => ({ name, length }));
  if (written.length === 0) return undefined;
  return sealOf(store, uid, { parts: written, whole });
}

/**
 * The seal of a container's model: the last whole upload, as it is. What was left half done counts for nothing.
 * @returns undefined when there is none
 */
export async function sealUpload(store: ArtifactStore, uid: string): Promise<Seal | undefined> {
  const uploads = (await store.parts(uid, "model")).filter(({ done, length }) => done && length > 0);
  const attemptOf = ({ name }: { name: string }): number => parsePodPartName(name).attempt;
  const last = uploads.toSorted((a, b) => attemptOf(a) - attemptOf(b)).at(-1);
  if (last === undefined) return undefined;
  const { name, length } = last;
  const hash = createHash("sha256");
  for await (const bytes of store.read({ task: uid, stream: "model", name }, { to: length })) hash.update(bytes);
  return {
    digest: `sha256:${hash.digest("hex")}`,
    sizeBytes: length,
    partial: false,
    parts: [{ name, length }],
    end: "",
  };
}

/** Whether anything was stored that a model can be made of: a tree, an iteration, or all steps of a pipeline. */
export async function hasModel(store: ArtifactStore, uid: string): Promise<boolean> {
  for (const { name } of await store.parts(uid, "model")) {
    let missingSteps = Infinity;
    for await (const line of modelLines(store.read({ task: uid, stream: "model", name }))) {
      if (line.startsWith('{"kind":"tree"') || line.startsWith('{"kind":"iteration"')) return true;
      if (line.startsWith('{"kind":"step"')) missingSteps -= 1;
      else if (line.startsWith('{"kind":"header"')) missingSteps = stepsOf(JSON.parse(line) as HeaderLine);
    }
    if (missingSteps === 0) return true;
  }
  return false;
}

const stepsOf = (header: HeaderLine): number => (header.trainer === "search" ? header.search.steps : Infinity);

interface Written {
  readonly parts: Seal["parts"];
  /** Whether each part is done. */
  readonly whole: boolean;
}

async function sealOf(store: ArtifactStore, uid: string, { parts, whole }: Written): Promise<Seal | undefined> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let header = "";
  let end = "";
  for await (const line of mergedLines(store, uid, parts)) {
    if (sizeBytes === 0) header = line;
    end = line + "\n";
    hash.update(end);
    sizeBytes += Buffer.byteLength(end);
  }
  const said = JSON.parse(end) as EndLine;
  const begun = JSON.parse(header) as HeaderLine;
  if (!predicts(begun, said)) return undefined;
  const partial = isPartial(begun, said, whole);
  return { digest: `sha256:${hash.digest("hex")}`, sizeBytes, partial, parts, end };
}

/** One tree or iteration is enough; of a pipeline every step is needed. */
function predicts(header: HeaderLine, end: EndLine): boolean {
  if ("trees" in end) return end.trees > 0;
  if ("iterations" in end) return end.iterations > 0;
  return header.trainer === "search" && end.steps === header.search.steps;
}

/**
 * A forest says what it lacks. Boosting may have stopped early, and a search may have written the best that it knew when it
 * was stopped: that these are complete is known by their part alone.
 */
function isPartial(header: HeaderLine, end: EndLine, whole: boolean): boolean {
  if ("trees" in end) return end.missing !== undefined;
  const isLast =
    header.trainer === "gradientBoosting" && "iterations" in end && end.iterations === header.gradientBoosting.maxIter;
  return !whole && !isLast;
}
