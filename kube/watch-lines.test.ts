import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ApiError, GoneError, ServerError, TransportError } from "./errors.ts";
import { watchEvents } from "./watch-lines.ts";

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(typeof part === "string" ? Buffer.from(part) : part);
}

async function all(body: AsyncIterable<Uint8Array>): Promise<unknown[]> {
  const events: unknown[] = [];
  for await (const event of watchEvents<object>(body)) events.push(event);
  return events;
}

describe("the lines of a watch", () => {
  it("are the same events however the bytes are cut, also inside a UTF-8 sequence", async () => {
    const events = ["ADDED", "MODIFIED", "DELETED", "BOOKMARK"].map((type) => ({
      type,
      object: { text: "Größe 😀 ∑" },
    }));
    const bytes = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 20 }), async (cuts) => {
        const ends = [...new Set([...cuts, bytes.length])].toSorted((one, other) => one - other);
        const parts = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(await all(chunks(...parts))).toEqual(events);
      }),
    );
    expect(await all(chunks(...Array.from(bytes, (_, at) => new Uint8Array(bytes.subarray(at, at + 1)))))).toEqual(
      events,
    );
  });

  it("may be empty between events", async () => {
    expect(await all(chunks('\n\n{"type":"ADDED","object":{}}\n\n'))).toHaveLength(1);
  });

  const refused: Record<string, string> = {
    "that is cut short inside": '{"type":"ADDED","obj\n',
    "that the stream's end cuts short": '{"type":"ADDED","object":{}}',
    "that is not JSON": "<html>\n",
    "that is no object": "[]\n",
    "that is null": "null\n",
    "without an object": '{"type":"ADDED"}\n',
    "whose object is none": '{"type":"ADDED","object":7}\n',
    "of an unknown type": '{"type":"EXPLODED","object":{}}\n',
  };
  for (const [name, text] of Object.entries(refused)) {
    it(`are refused with a TransportError where there is one ${name}`, async () => {
      await expect(all(chunks(text))).rejects.toBeInstanceOf(TransportError);
    });
  }

  it("give the events before a bad line", async () => {
    const types: string[] = [];
    const reading = async (): Promise<void> => {
      for await (const event of watchEvents(chunks('{"type":"ADDED","object":{}}\n{"ty'))) types.push(event.type);
    };
    await expect(reading()).rejects.toBeInstanceOf(TransportError);
    expect(types).toEqual(["ADDED"]);
  });

  it("throw what an ERROR event says", async () => {
    const line = (code: number): string =>
      `{"type":"ERROR","object":{"kind":"Status","code":${code},"message":"so"}}\n`;
    await expect(all(chunks(line(410)))).rejects.toBeInstanceOf(GoneError);
    await expect(all(chunks(line(500)))).rejects.toThrow("so");
    await expect(all(chunks('{"type":"ERROR","object":{}}\n'))).rejects.toBeInstanceOf(ServerError);
    await expect(all(chunks(line(418)))).rejects.toBeInstanceOf(ApiError);
  });

  it("cannot fill the memory", async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      const chunk = Buffer.alloc(1 << 20, "x");
      for (;;) yield await Promise.resolve(chunk);
    }
    await expect(all(endless())).rejects.toThrow("over");
  });
});
