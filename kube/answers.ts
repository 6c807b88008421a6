/**
 * Reading what an API server answers: a JSON object when it says yes, a Status (or, from a proxy, any text) when it
 * says no, and the warnings that may come with either.
 */
import { apiError, TransportError, type ApiError, type KubeStatus } from "./errors.ts";
import type { TransportResponse } from "./transport.ts";

/** How much of a foreign error page is worth showing. */
const maxErrorText = 300;

/**
 * The JSON of a successful answer.
 * @throws ApiError for any other status, TransportError when the body is cut short or is not JSON
 */
export async function readAnswer(response: TransportResponse, what: string): Promise<unknown> {
  if (!succeeded(response)) throw await readError(response);
  const text = await readText(response.body);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TransportError(`${what}: the answer is not JSON`, { cause });
  }
}

export function succeeded(response: TransportResponse): boolean {
  return response.status >= 200 && response.status < 300;
}

/** The error that an unsuccessful answer stands for, Retry-After included. */
export async function readError(response: TransportResponse): Promise<ApiError> {
  const text = await readText(response.body);
  const status = statusIn(text) ?? { code: response.status, message: plainMessage(response.status, text) };
  const retryAfter = status.details?.retryAfterSeconds ?? seconds(response.headers["retry-after"]);
  return apiError({
    ...status,
    code: response.status,
    ...(retryAfter === undefined ? {} : { details: { ...status.details, retryAfterSeconds: retryAfter } }),
  });
}

/** The texts of a Warning header: `299 - "text", 299 - "another"`. */
export function warningsIn(header: string): string[] {
  return [...header.matchAll(/\d{3} \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) =>
    (match[1] ?? "").replaceAll(/\\(.)/g, "$1"),
  );
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const [only] = chunks;
  if (only === undefined) return "";
  return (chunks.length === 1 ? bufferOf(only) : Buffer.concat(chunks)).toString("utf8");
}

/** The same memory as a Buffer, which decodes UTF-8 about twice as fast as a TextDecoder. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function statusIn(text: string): KubeStatus | undefined {
  try {
    const answer: unknown = JSON.parse(text);
    return isStatus(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Whether this is a `Status` object, which an API server sends instead of what was asked for. */
export function isStatus(answer: unknown): answer is KubeStatus {
  return typeof answer === "object" && answer !== null && "kind" in answer && answer.kind === "Status";
}

function plainMessage(code: number, text: string): string {
  const line = text.trim().slice(0, maxErrorText);
  return line === "" ? `the API server answered ${code}` : `the API server answered ${code}: ${line}`;
}

/** Whole seconds of a Retry-After header; its other form, a date, is not used by API servers. */
function seconds(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) : undefined;
}
