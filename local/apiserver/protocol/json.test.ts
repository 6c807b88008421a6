import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { StatusError } from "../status.ts";
import { readJson } from "./json.ts";

describe("reading JSON from strangers", () => {
  test("gives the value that JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const { value, forbidden } = readJson(text);
        if (forbidden.length === 0) expect(value).toEqual(JSON.parse(text));
      }),
    );
  });

  test("finds no duplicates in what JSON.stringify wrote", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(readJson(JSON.stringify(value)).duplicates).toEqual([]);
      }),
    );
  });

  const duplicates: Record<string, { text: string; paths: string[] }> = {
    "at the top": { text: '{"a":1,"b":2,"a":3}', paths: ["a"] },
    "in an object in an object": { text: '{"a":{"b":1,"b":2}}', paths: ["a.b"] },
    "in an item of a list": { text: '{"a":[{},{"b":[1],"b":[2]}]}', paths: ["a[1].b"] },
    "in a list of lists": { text: '[[1],[[{"x":0,"x":0}]]]', paths: ["[1][0][0].x"] },
    "written with an escape": { text: String.raw`{"a":1,"\u0061":2}`, paths: ["a"] },
    "three times": { text: '{"a":1,"a":2,"a":3}', paths: ["a", "a"] },
  };
  test.each(Object.entries(duplicates))("finds a field that stands twice %s", (_, { text, paths }) => {
    expect(readJson(text).duplicates).toEqual(paths);
  });

  const unique: Record<string, string> = {
    "the same name in two objects": '{"a":{"x":1},"b":{"x":2},"c":[{"x":1},{"x":1}]}',
    "a value that looks like a name": '{"a":"a","b":["a","a"]}',
    "braces and quotes in strings": String.raw`{"a":"{\"a\":1}","b":"}]","c":"\\"}`,
  };
  test.each(Object.entries(unique))("does not mistake %s for it", (_, text) => {
    expect(readJson(text).duplicates).toEqual([]);
  });

  test("leaves __proto__ out and says where it stood", () => {
    const { value, forbidden } = readJson(String.raw`{"a":{"__proto__":{"x":1},"b":1},"\u005f_proto__":2}`);
    expect(forbidden).toEqual(["a.__proto__", "__proto__"]);
    expect(value).toEqual({ a: { b: 1 } });
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });

  test.each(["", "{", '{"a":}', "undefined", '{"a":1}{', "'a'"])("refuses %j", (text) => {
    expect(() => readJson(text)).toThrow(StatusError);
  });

  test("takes a string as long as a body may be", () => {
    const long = String.raw`\"x`.repeat(700_000);
    expect(readJson(`{"a":"${long}"}`).value).toEqual({ a: '"x'.repeat(700_000) });
    expect(() => readJson(`{"a":"${long}`)).toThrow("not valid JSON");
  });

  test("refuses nesting that would exhaust the stack, before anything walks it", () => {
    const deep = 201;
    expect(() => readJson("[".repeat(deep) + "]".repeat(deep))).toThrow("nested more than 200 levels");
    expect(() => readJson(`${"[".repeat(200)}${"]".repeat(200)}`)).not.toThrow();
  });
});
