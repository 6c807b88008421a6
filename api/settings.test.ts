import { describe, expect, it } from "vitest";
import { apiSettings, SettingsError } from "./settings.ts";

describe("where artifacts are kept", () => {
  it("is one place: a directory or a bucket", () => {
    expect(apiSettings({ dataDir: "/data" }).s3).toBeUndefined();
    expect(apiSettings({ s3: { bucket: "models" } }).dataDir).toBeUndefined();
    for (const both of [{}, { dataDir: "" }, { dataDir: "/data", s3: { bucket: "models" } }]) {
      expect(() => apiSettings(both)).toThrow(SettingsError);
      expect(() => apiSettings(both)).toThrow(/^dataDir: /);
    }
  });

  it("is a folder of the bucket when there is a prefix, however that is written", () => {
    const prefixOf = (prefix: string): unknown => apiSettings({ s3: { bucket: "models", prefix } }).s3?.prefix;
    expect(["", "/", "lab", "/lab/", "a/b//"].map(prefixOf)).toEqual(["", "", "lab/", "lab/", "a/b/"]);
    expect(() => prefixOf("a b")).toThrow(/^s3\.prefix: letters, digits/);
  });

  it("is Amazon's bucket unless there is an address, which must be one", () => {
    const s3 = { bucket: "models", endpoint: "http://10.0.0.1:9000", forcePathStyle: true };
    expect(apiSettings({ s3 }).s3).toMatchObject(s3);
    for (const endpoint of ["s3.example", "ftp://s3.example", "javascript:1"])
      expect(() => apiSettings({ s3: { ...s3, endpoint } })).toThrow(/^s3\.endpoint: /);
    expect(apiSettings({ s3: { bucket: "models" } }).s3).toEqual({
      bucket: "models",
      prefix: "",
      region: "us-east-1",
      forcePathStyle: false,
    });
  });
});

describe("the end of an API", () => {
  it("comes at once unless told otherwise, and in bounded time", () => {
    expect(apiSettings({ dataDir: "/data" })).toMatchObject({ drainSeconds: 0, farewellSeconds: 1 });
    for (const seconds of [-1, 1.5, 4000, Number.NaN]) {
      expect(() => apiSettings({ dataDir: "/data", drainSeconds: seconds })).toThrow(/^drainSeconds: /);
      expect(() => apiSettings({ dataDir: "/data", farewellSeconds: seconds })).toThrow(/^farewellSeconds: /);
    }
  });
});
