/** What a request was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The JSON of the body; undefined when there is none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test names the field that it expects
  readonly body: any;
}

/** One HTTP request. A body goes out as JSON. */
export async function request(
  method: string,
  url: string,
  { headers = {}, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<Answer> {
  const withBody = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  const { 'content-type': given, ...others } = headers;
  const sent = { ...others, ...type, ...(body !== undefined && given !== undefined ? { 'content-type': given } : {}) };
  const response = await fetch(url, { method, headers: sent, redirect: 'manual', ...withBody });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, body: text === '' ? undefined : JSON.parse(text) };
}
