// Several pictures at once: each small, with what the network makes of it.
import { read } from "./api.js";
import { REASONS } from "./answer.js";
import { counted, percent } from "./format.js";
import { Picture } from "./pad.js";
import { useLoaded } from "./states.js";
import { html } from "./ui.js";

/** @param {{drawing: any, change: (drawing: any) => void, asked: string}} props */
export function Strip({ drawing, change, asked }) {
  const files = drawing.batch;
  const { data, error } = useLoaded(() => classifyAll(files, asked), [files, asked]);
  const unknown = (data?.data || []).filter((entry) => entry.known === false || entry.error).length;
  return html`<section class="strip" aria-label="Pictures">
    <div class="title"><h2>${counted(files.length, "picture")}</h2>
      <p class="help" role="status">${data ? (unknown ? `${unknown} of them not known` : "each taken for a digit") : error ? "" : "Looking at them…"}</p></div>
    ${error && html`<p class="wrong" role="alert">${error.message}</p>`}
    <ul>${files.map((file, place) => html`<li key=${place}>
      <button type="button" aria-pressed=${String(file === drawing.picture)} onClick=${() => change({ ...drawing, strokes: [], picture: file })}>
        ${data?.data[place]?.error ? html`<span class="unread" aria-hidden="true"></span>` : html`<${Picture} file=${file} alt="" />`}
        <${Verdict} entry=${data?.data[place]} />
        <small>${file.name}</small>
      </button></li>`)}</ul>
  </section>`;
}

function classifyAll(files, asked) {
  const form = new FormData();
  for (const file of files) form.append("images", file, file.name);
  return read(`predict?${asked}`, { method: "POST", body: form });
}

function Verdict({ entry }) {
  if (!entry) return html`<span class="label none" aria-hidden="true">…</span>`;
  if (entry.error) return html`<span class="label none">!</span><span class="wrong">${entry.error.message}</span>`;
  if (!entry.known) return html`<span class="label none" aria-hidden="true">?</span><span>${REASONS[entry.reason]?.[0] || "Not known"}</span>`;
  return html`<strong class="label">${entry.label}</strong><span>${percent(entry.confidence, 0)}</span>`;
}
