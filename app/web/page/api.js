// Requests to the service; whatever is not an answer becomes a Problem.

const KEY = "modelmill-key";

/** A refusal, for people (message) and for the page (status, code, errors). */
export class Problem extends Error {
  /** @param {number} status 0 if the service was not reached @param {any} body */
  constructor(status, body) {
    super(body.detail || `The service answered with status ${status}.`);
    this.status = status;
    this.code = body.code || "";
    /** @type {{pointer: string, message: string}[]} */
    this.errors = body.errors || [];
  }
}

export const heldKey = () => sessionStorage.getItem(KEY);

/** Keep a key for as long as this tab lives; null forgets it. */
export function holdKey(key) {
  if (key) sessionStorage.setItem(KEY, key);
  else sessionStorage.removeItem(KEY);
}

export const addressOf = (path) => new URL(path, document.baseURI);

/**
 * @param {string} path relative to the page, so that it works below any prefix
 * @param {RequestInit} [options]
 */
export async function request(path, options = {}) {
  const headers = new Headers({ ...options.headers, ...authorization() });
  const response = await reach(path, { ...options, headers });
  if (response.ok) return response;
  throw refused(response.status, await response.json().catch(() => ({})));
}

export function authorization() {
  const key = heldKey();
  return key ? { Authorization: `Bearer ${key}` } : {};
}

export function refused(status, body) {
  if (status === 401) window.dispatchEvent(new Event("key-needed"));
  return new Problem(status, body);
}

export const unreached = () =>
  new Problem(0, { code: "offline", detail: "The service cannot be reached. It is asked again and again." });

async function reach(path, options) {
  try {
    return await fetch(addressOf(path), options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw unreached();
  }
}

export const read = async (path, options) => (await request(path, options)).json();

export const send = (path, body, method = "POST") =>
  request(path, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

/** Post one picture as a form. */
export async function upload(path, picture, signal) {
  const form = new FormData();
  form.append("image", picture, "drawing.png");
  return read(path, { method: "POST", body: form, signal });
}

/** Save what lies at an address; a link could not carry the key. */
export async function download(path, name) {
  const blob = await (await request(path)).blob();
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
