import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { KubeObject } from "../../../kube/objects.ts";
import { openStore, type Store, StoreError, StoreInUseError } from "./store.ts";

const retention = { changes: 1000, bytes: 1 << 20 };
const anObject = (name: string): KubeObject & { spec: object } => ({ metadata: { name }, spec: { size: 0 } });
const add = (store: Store, name: string): KubeObject =>
  store.write({ type: "ADDED", kind: "things", key: name, object: anObject(name) });

describe("the store", () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "traintask-store-"));
    path = join(directory, "state.db");
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const open = (complete = (_: string, object: KubeObject) => object): Store =>
    openStore({ path, retention, complete });

  test("gives each write the next revision, as the object's resourceVersion", () => {
    const store = open();
    expect([add(store, "a"), add(store, "b")].map(({ metadata }) => metadata?.resourceVersion)).toEqual(["1", "2"]);
    store.close();
  });

  test("has after a restart all that it had, and goes on counting", () => {
    const first = open();
    add(first, "a");
    const b = add(first, "b");
    first.write({ type: "DELETED", kind: "things", key: "b", object: b, previous: b });
    const key = first.remembered("key", () => "once");
    first.close();
    const second = open();
    expect(second.get("things", "a")).toEqual({ ...anObject("a"), metadata: { name: "a", resourceVersion: "1" } });
    expect(second.get("things", "b")).toBeUndefined();
    expect(second.history.changes("things", 0, 10).map(({ type, key: of }) => `${type} ${of}`)).toEqual([
      "ADDED a",
      "ADDED b",
      "DELETED b",
    ]);
    expect(add(second, "c").metadata?.resourceVersion).toBe("4");
    expect(second.remembered("key", () => "again")).toBe(key);
    second.close();
  });

  test("refuses a file that another server uses", () => {
    const store = open();
    add(store, "a");
    expect(() => open()).toThrow(StoreInUseError);
    expect(() => open()).toThrow(`${path} is in use by another local cluster`);
    store.close();
  });

  test("refuses a file that is no database, and does not take it for one in use", () => {
    writeFileSync(path, "not a database, but long enough to be looked at as one".repeat(100));
    expect(() => open()).toThrow(StoreError);
    expect(() => open()).not.toThrow(StoreInUseError);
    expect(() => open()).toThrow(`${path} cannot be opened: file is not a database`);
  });

  test("loses no write that returned when its process is killed", async () => {
    const script = `
      const { writeSync } = await import("node:fs");
      const { openStore } = await import(${JSON.stringify(join(import.meta.dirname, "store.ts"))});
      const store = openStore({ path: ${JSON.stringify(path)}, retention: { changes: 1e6, bytes: 1e9 }, complete: (_, object) => object });
      for (let n = 1; ; n++) {
        store.write({ type: "ADDED", kind: "things", key: "n" + n, object: { metadata: { name: "n" + n } } });
        writeSync(1, n + "\\n");
      }`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    let told = "";
    const ended = new Promise((resolve) => {
      child.once("exit", resolve);
    });
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      told += chunk.toString();
      if (told.length > 20_000) child.kill("SIGKILL");
    }
    await ended;
    const last = Number(told.slice(0, told.lastIndexOf("\n")).split("\n").at(-1));
    const store = open();
    expect(last).toBeGreaterThan(100);
    expect(store.get("things", `n${last}`)).toBeDefined();
    expect(store.range({ kind: "things", prefix: "", after: "", limit: 1e6 }).size).toBe(store.history.latest());
    store.close();
  });

  test("hands out objects that cannot be changed", () => {
    const store = open();
    const object = add(store, "a") as KubeObject & { spec: { size: number } };
    expect(() => {
      object.spec.size = 7;
    }).toThrow(TypeError);
    store.close();
  });

  test("completes objects when they are read, also those that were stored before", () => {
    const first = open();
    add(first, "a");
    first.close();
    const second = open((_, object) => ({ ...object, kind: "Completed" }));
    expect(second.get("things", "a")?.kind).toBe("Completed");
    second.close();
  });

  test("tells its listeners of changes in order, also of those that a listener makes", () => {
    const store = open();
    const heard: string[] = [];
    store.subscribe(({ key }) => {
      if (key === "a") add(store, "b");
    });
    store.subscribe(({ key, revision }) => heard.push(`${key} ${revision}`));
    add(store, "a");
    expect(heard).toEqual(["a 1", "b 2"]);
    store.close();
  });

  test("leaves no trace of a write that fails", () => {
    const store = open();
    add(store, "a");
    const circular: Record<string, unknown> = {};
    circular["self"] = circular;
    const object = { metadata: { name: "b" } };
    const previous = circular as KubeObject;
    expect(() => store.write({ type: "MODIFIED", kind: "things", key: "b", object, previous })).toThrow(TypeError);
    expect(store.get("things", "b")).toBeUndefined();
    expect(add(store, "c").metadata?.resourceVersion).toBe("2");
    store.close();
  });

  test("gives ranges below a prefix, after a key, in order, at most so many", () => {
    const store = open();
    for (const key of ["b/2", "a/1", "b/10", "b/3", "ba/1", "b/\u{1F600}"]) add(store, key);
    const keys = (after: string, limit: number): string[] => [
      ...store.range({ kind: "things", prefix: "b/", after, limit }).keys(),
    ];
    expect(keys("", 10)).toEqual(["b/10", "b/2", "b/3", "b/\u{1F600}"]);
    expect(keys("b/10", 2)).toEqual(["b/2", "b/3"]);
    store.close();
  });
});
