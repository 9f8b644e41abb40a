// What a job's processes said; read only once somebody opens it.
import { request } from "./api.js";
import { useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

export function Logs({ job }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details class="logs" onToggle=${(event) => setOpen(event.target.open)}>
    <summary>Log</summary>
    ${isOpen && html`<${Lines} job=${job} />`}
  </details>`;
}

function Lines({ job }) {
  const load = async () => ({ text: await (await request(`jobs/${job.id}/logs?format=text`)).text() });
  const { data, error } = useLoaded(load, [job.id, job.status], job.is_terminal ? 0 : 3000);
  const text = error ? error.message : data ? data.text || "It said nothing." : "Loading…";
  return html`<pre tabindex="0" role="region" aria-label="Log lines">${text}</pre>`;
}
