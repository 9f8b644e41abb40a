// The five faces of whatever takes time: loading, empty, failed, offline, notices.
import { html, useEffect, useState } from "./ui.js";

export const Loading = ({ what = "Loading" }) =>
  html`<p class="state" role="status"><span class="spinner" aria-hidden="true"></span>${what}…</p>`;

export const Empty = ({ title, children }) =>
  html`<div class="state empty"><h2>${title}</h2>${children}</div>`;

export const Failure = ({ error, retry }) =>
  html`<div class="state failure" role="alert">
    <h2>${error.code === "offline" ? "No connection" : "That did not work"}</h2>
    <p>${error.message}</p>
    ${retry && html`<button type="button" onClick=${retry}>Try again</button>`}
  </div>`;

/**
 * Load something, and again every so often; what was there stays while it fails.
 *
 * @param {() => Promise<any>} load
 * @param {any[]} inputs
 * @param {number} [every] milliseconds; 0 is once
 * @param {any[]} [gentle] inputs whose change leaves what was there until more comes
 */
export function useLoaded(load, inputs, every = 0, gentle = []) {
  const [state, setState] = useState({ data: null, error: null });
  const [round, setRound] = useState(0);
  useEffect(() => setState({ data: null, error: null }), inputs);
  useEffect(() => {
    let isWanted = true;
    let timer = 0;
    const run = async () => {
      try {
        const data = await load();
        if (isWanted) setState({ data, error: null });
      } catch (error) {
        if (isWanted) setState((before) => ({ ...before, error }));
      }
      if (isWanted && every) timer = setTimeout(run, document.hidden ? 5 * every : every);
    };
    run();
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [...inputs, ...gentle, round, every]);
  return { ...state, reload: () => setRound((before) => before + 1) };
}

/** Show data, or why there is none yet; and say so while it cannot be looked at again. */
export function Shown({ loaded, what, children }) {
  const stale = loaded.error && html`<p class="warning" role="status">${loaded.error.message}</p>`;
  if (loaded.data) return html`${stale}${children(loaded.data)}`;
  if (loaded.error) return html`<${Failure} error=${loaded.error} retry=${loaded.reload} />`;
  return html`<${Loading} what=${what} />`;
}
