// A deletion that first tells what it would free, and happens when asked twice.
import { request } from "./api.js";
import { html, useState } from "./ui.js";

/**
 * @param {{name: string, path: string, done: () => void,
 *   describe: (path: string) => Promise<{isAllowed: boolean, lines: string[]}>}} props
 */
export function Deletion({ name, path, describe, done }) {
  const [plan, setPlan] = useState(null);
  const [message, setMessage] = useState("");
  const attempt = (work) => async () => {
    try {
      setMessage("");
      await work();
    } catch (error) {
      setMessage(error.message);
    }
  };
  const ask = attempt(async () => setPlan(await describe(path)));
  const act = attempt(async () => {
    await request(path, { method: "DELETE" });
    done();
  });
  return html`<section class="deletion" aria-label="Deletion">
    ${!plan && html`<button type="button" onClick=${ask}>Delete…</button>`}
    ${
      plan &&
      html`<div class="card" role="group" aria-label="Delete ${name}">
        <h3>Delete ${name}?</h3>
        ${plan.lines.map((line) => html`<p>${line}</p>`)}
        <div class="actions">
          ${plan.isAllowed && html`<button type="button" class="danger" onClick=${act}>Delete it</button>`}
          <button type="button" onClick=${() => setPlan(null)}>Keep it</button>
        </div>
      </div>`
    }
    ${message && html`<p class="wrong" role="alert">${message}</p>`}
  </section>`;
}
