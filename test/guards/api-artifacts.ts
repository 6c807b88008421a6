/** Guards of api/artifacts/ and api/datasets/: nothing stored is lost, replaced or half there, whoever else writes. */
import type { Guard } from "./guard.ts";

const directory = "api/artifacts/directory-objects.test.ts";
const store = "api/artifacts/artifact-store.ts";
const datasets = "api/datasets/store.ts";

export const guards: Guard[] = [
  {
    name: "of two replicas that follow one log, the later leaves out what is there",
    file: "api/logs/pod-log.ts",
    find: "if (error instanceof OffsetError && error.length > chunk.offset) return error.length;",
    replace: "",
    test: "api/replicas.test.ts",
  },
  {
    name: "what a replica has missed of a log that another one stored is not stored twice",
    file: "api/logs/pod-log.ts",
    find: "const rest = bytes.subarray(length - offset);",
    replace: "const rest = length === offset + bytes.length ? bytes.subarray(bytes.length) : bytes;",
    test: "api/replicas.test.ts",
  },
  {
    name: "of two replicas that seal one model, one says so",
    file: "api/sealing/loop.ts",
    find: "if (seal === made) {",
    replace: "{",
    test: "api/replicas.test.ts",
  },
  {
    name: "a file is created only where none stands",
    file: "api/artifacts/durable-file.ts",
    find: "    await link(from, file);",
    replace: "    await rename(from, file);",
    test: directory,
  },
  {
    name: "an object is created in a bucket only where none stands (where versitygw is built)",
    file: "api/artifacts/s3-objects.ts",
    find: ', IfNoneMatch: "*" }',
    replace: " }",
    test: "api/artifacts/s3-objects.test.ts",
  },
  {
    name: "a store that replaces what was to be created is refused at the start",
    file: "api/artifacts/objects.ts",
    find: "  if (await objects.create(sign, bytes))",
    replace: "  if (false)",
    test: "api/artifacts/objects.test.ts",
  },
  {
    name: "a file system without hard links is refused at the start",
    file: "api/artifacts/directory-objects.ts",
    find: "    if (![",
    replace: "    if (true || ![",
    test: directory,
  },
  {
    name: "what another process writes now is not cleaned up",
    file: "api/artifacts/directory-objects.ts",
    find: "modified < now - leftBehindMs",
    replace: "modified < now",
    test: directory,
  },
  {
    name: "an object that could not be moved into place is not left behind",
    file: "api/artifacts/durable-file.ts",
    find: "    await rm(unfinished, { force: true });\n    await flushDirectory",
    replace: "    await flushDirectory",
    test: directory,
  },
  {
    name: "a stored chunk is never taken for another",
    file: store,
    find: "if (Buffer.compare(stands, withDigest(bytes)) === 0) return;",
    replace: "return;",
    test: directory,
  },
  {
    name: "a chunk is appended only where the part ends",
    file: store,
    find: "} else if (offset === length && !done && (",
    replace: "} else if (!done && (",
    test: directory,
  },
  {
    name: "a part ends at one place: either there is more or it is done",
    file: store,
    find: "if (now.length === length) return { length, done: true };",
    replace: "return { length, done: true };",
    test: directory,
  },
  {
    name: "only its last chunk can end a part",
    file: store,
    find: "last && !done && offset + bytes.length === length",
    replace: "last && !done",
    test: directory,
  },
  {
    name: "bytes of an artifact are never answered with a hole in them",
    file: store,
    find: "if (at < to) throw new DamagedError",
    replace: "if (false) throw new DamagedError",
    test: directory,
  },
  {
    name: "what is read is what was stored",
    file: "api/artifacts/objects.ts",
    find: 'if (Buffer.from(object.subarray(0, digestBytes)).toString("latin1") !== `${sha256(content)}\\n`)',
    replace: "if (false)",
    test: directory,
  },
  {
    name: "what was seen of a part is forgotten when it is there no more",
    file: store,
    find: "    this.#seen.delete(folder);\n    return this.#look(folder);",
    replace: "    return { length: seen.offset, done: false, began: seen.began };",
    test: directory,
  },
  {
    name: "of a table that came twice one copy stays",
    file: datasets,
    find: "if (!isNew) await",
    replace: "if (false) await",
    test: directory,
  },
  {
    name: "nothing stays of an upload that is no table",
    file: datasets,
    find: "await this.#objects.removeFolder(`${uploads}/${upload}`).catch(() => undefined);",
    replace: "",
    test: directory,
  },
  {
    name: "an upload that goes on is not swept",
    file: datasets,
    find: "return modified < before;",
    replace: "return true;",
    test: directory,
  },
  {
    name: "the pieces of a dataset are not swept",
    file: datasets,
    find: "names.filter((one) => !kept.has(one))",
    replace: "names",
    test: directory,
  },
];
