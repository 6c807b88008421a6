import { describe, expect, it } from "vitest";
import { aHeader, anEnd, aRegressionHeader, aTree } from "../test/builders/model.ts";
import { writeLine } from "./write.ts";

describe("writing a line", () => {
  it("puts the keys in one order, whatever the order in the object", () => {
    const { kind, tree, ...rest } = aTree({ missingLeft: [1] });
    expect(writeLine({ ...rest, tree, kind })).toBe(
      '{"kind":"tree","tree":0,"feature":[0,1,-1,-1,-1],"bin":[1,0],"missingLeft":[1],' +
        '"value":[0,[0,2,1,2],2],"importance":[0,0.75,1,0.25]}',
    );
    const { columns, ...header } = aHeader();
    expect(writeLine({ columns, ...header })).toBe(writeLine(aHeader()));
    expect(writeLine(aHeader())).toMatch(/^{"kind":"header","version":1,"trainer":"randomForest",/);
  });

  it("drops what is not of the format", () => {
    const extra = { ...aHeader(), host: "node-1", columns: [{ ...aHeader().columns[0]!, time: 1 }] };
    expect(writeLine(extra)).not.toMatch(/host|time/);
  });

  it("writes the shortest number that reads back as the same double, and -0 as 0", () => {
    const value = [0.1 + 0.2, -0, 5e-324, 1.7976931348623157e308, 1 / 3];
    const line = writeLine(aTree({ feature: [], bin: [], value, importance: [] }));
    expect(line).toContain('"value":[0.30000000000000004,0,5e-324,1.7976931348623157e+308,0.3333333333333333]');
    expect((JSON.parse(line) as { value: number[] }).value.map((x) => x + 0)).toEqual(value.map((x) => x + 0));
  });

  it.each([NaN, Infinity, -Infinity])("throws for %s instead of writing null", (wrong) => {
    expect(() => writeLine(aTree({ value: [0, wrong, 2] }))).toThrow(`value of a model holds ${wrong}`);
    expect(() => writeLine(aTree({ value: [0, [0, wrong], 2] }))).toThrow(`value of a model holds ${wrong}`);
    expect(() => writeLine(aTree({ importance: [0, wrong] }))).toThrow("importance of a model");
    expect(() => writeLine(anEnd({ importances: [wrong, 0] }))).toThrow("importances of a model");
    const column = { name: "x", type: "number", edges: [wrong] } as const;
    expect(() => writeLine(aRegressionHeader({ columns: [column] }))).toThrow("edges of x of a model");
    expect(() => writeLine(aHeader({ rows: wrong }))).toThrow("rows of a model");
  });
});
