import { describe, expect, it } from "vitest";
import { apiError, TransportError } from "../kube/errors.ts";
import { problemOf } from "./error-renderer.ts";
import { DamagedError, StoreUnavailableError } from "./artifacts/objects.ts";
import { fieldPath } from "./kube-problem.ts";
import { Problem, pointer, problemDocument } from "./problem.ts";

describe("a damaged artifact", () => {
  it("is a 500 that says what to do and keeps paths of this machine to itself", () => {
    const { status, detail } = problemDocument(problemOf(new DamagedError("/data/secret/path is damaged")));
    expect([status, detail]).toEqual([500, expect.stringMatching(/submitted again, under a new name/)]);
    expect(detail).not.toContain("secret");
  });
});

describe("an artifact store that does not answer", () => {
  it("is a 503 that asks to come again, and keeps the store's own words to itself", () => {
    const problem = problemOf(new StoreUnavailableError("AccessDenied: secret/path"));
    expect([problem.status, problem.headers["retry-after"]]).toEqual([503, "1"]);
    expect(problem.message).not.toContain("secret");
  });
});

describe("an error of the API server becomes a problem document:", () => {
  it("422: each cause with a JSON pointer", () => {
    const causes = [
      { field: "spec.dataset.columns[3].type", message: "Unsupported value", reason: "FieldValueNotSupported" },
      { field: "metadata.annotations[example.com/a]", message: "too long" },
    ];
    const problem = problemOf(apiError({ code: 422, message: "is invalid", details: { causes } }));
    expect(problemDocument(problem)).toMatchObject({
      status: 422,
      title: "Not valid",
      detail: "is invalid",
      errors: [
        { pointer: "/spec/dataset/columns/3/type", detail: "Unsupported value" },
        { pointer: "/metadata/annotations/example.com~1a", detail: "too long" },
      ],
    });
  });

  it("400 of strict decoding: each field with a pointer", () => {
    const message = 'strict decoding error: unknown field "spec.a", duplicate field "spec.list[0].b"';
    expect(problemOf(apiError({ code: 400, message })).errors.map((one) => one.pointer)).toEqual([
      "/spec/a",
      "/spec/list/0/b",
    ]);
  });

  const statuses: Record<string, { error: Error; status: number; retryAfter?: string }> = {
    "403 of a quota stays 403": { error: apiError({ code: 403 }), status: 403 },
    "404 stays 404": { error: apiError({ code: 404 }), status: 404 },
    "409 AlreadyExists stays 409": { error: apiError({ code: 409, reason: "AlreadyExists" }), status: 409 },
    "429 is 503 with the time to wait": {
      error: apiError({ code: 429, details: { retryAfterSeconds: 7 } }),
      status: 503,
      retryAfter: "7",
    },
    "500 is 502": { error: apiError({ code: 500 }), status: 502 },
    "no answer is 503": { error: new TransportError("reset"), status: 503, retryAfter: "1" },
  };
  for (const [name, { error, status, retryAfter }] of Object.entries(statuses)) {
    it(name, () => {
      const problem = problemOf(error);
      expect([problem.status, problem.headers["retry-after"]]).toEqual([status, retryAfter]);
    });
  }
});

describe("an error of ours", () => {
  it("tells nothing of its inside", () => {
    const document = JSON.stringify(problemDocument(problemOf(new Error("password is hunter2"))));
    expect(document).toContain("500");
    expect(document).not.toContain("hunter2");
  });
  it("is a 507 when the disk is full, and a problem stays what it is", () => {
    expect(problemOf(Object.assign(new Error("no space left on device"), { code: "ENOSPC" })).status).toBe(507);
    const problem = new Problem({ status: 418, detail: "teapot" });
    expect(problemOf(problem)).toBe(problem);
  });
});

describe("paths", () => {
  it("of Kubernetes are split into keys and indices", () => {
    expect(fieldPath("spec.a[0].b[example.com/x.y].c")).toEqual(["spec", "a", "0", "b", "example.com/x.y", "c"]);
    expect(fieldPath("")).toEqual([]);
  });
  it("of JSON pointers are escaped", () => {
    expect(pointer(["a/b", 0, "c~d"])).toBe("/a~1b/0/c~0d");
  });
});
