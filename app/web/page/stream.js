// Server-sent events over fetch, since an EventSource could not carry a key.
import { Problem, request } from "./api.js";

const SHORTEST_WAIT = 1000;
const LONGEST_WAIT = 15_000;

/**
 * Follow a job's events until it ends, through every broken connection.
 *
 * @param {string} jobId
 * @param {(kind: string, data: any) => void} hear
 * @param {(isLive: boolean) => void} [tell] whether the connection stands
 * @returns {() => void} what ends it
 */
export function follow(jobId, hear, tell = () => {}) {
  const ending = new AbortController();
  listen(jobId, hear, tell, ending.signal);
  return () => ending.abort();
}

async function listen(jobId, hear, tell, signal) {
  let last = "0";
  let wait = SHORTEST_WAIT;
  while (!signal.aborted) {
    try {
      const headers = { "Last-Event-ID": last };
      const response = await request(`jobs/${jobId}/events`, { headers, signal });
      tell(true);
      for await (const event of eventsOf(response.body)) {
        wait = SHORTEST_WAIT;
        last = event.id || last;
        hear(event.kind, JSON.parse(event.data));
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      tell(false);
      if (error instanceof Problem && error.status >= 400 && error.status < 500) return;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
    wait = Math.min(2 * wait, LONGEST_WAIT);
  }
}

async function* eventsOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parse(block);
      if (event.data) yield event;
    }
  }
}

/** @param {string} block the lines of one event */
export function parse(block) {
  const event = { kind: "message", id: "", data: "" };
  for (const line of block.split(/\r?\n/)) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) || [];
    if (field === "event") event.kind = value;
    else if (field === "id") event.id = value;
    else if (field === "data") event.data += value;
  }
  return event;
}
