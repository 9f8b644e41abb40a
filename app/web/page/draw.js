// Draw a digit and see what one network, or two side by side, make of it.
import { upload } from "./api.js";
import { Answer } from "./answer.js";
import { Chooser, pick, useTrained } from "./chooser.js";
import { fileOf, isBlank } from "./drawing.js";
import { useLatest } from "./latest.js";
import { Pad } from "./pad.js";
import { adjust } from "./router.js";
import { Empty, Shown } from "./states.js";
import { html } from "./ui.js";

export function Draw({ query, drawing, change }) {
  const trained = useTrained();
  return html`<div class="title"><h1>Draw</h1></div>
    <${Shown} loaded=${trained} what="Looking for networks">
      ${(jobs) =>
        jobs.length === 0
          ? html`<${Empty} title="No network yet"><p>Train one first: after its first epoch it can already be asked.</p>
              <a class="button primary" href="#/new?epochs=2">Train a first network</a><//>`
          : html`<${Board} jobs=${jobs} query=${query} drawing=${drawing} change=${change} />`}
    <//>`;
}

function Board({ jobs, query, drawing, change }) {
  const second = query.get("job2");
  const put = (suffix) => (job, epoch) => adjust("draw", query, { [`job${suffix}`]: job, [`epoch${suffix}`]: epoch });
  const first = pick(jobs, query.get("job"));
  return html`<div class=${second ? "board both" : "board"}>
    <${Pad} drawing=${drawing} change=${change} />
    <${Reader} label="Network" jobs=${jobs} job=${first} epoch=${query.get("epoch") || ""} drawing=${drawing} change=${put("")}>
      ${!second && html`<button type="button" onClick=${() => put("2")(first.id, "1")}>Compare with another</button>`}
    <//>
    ${
      second &&
      html`<${Reader} label="Second network" jobs=${jobs} job=${pick(jobs, second)} epoch=${query.get("epoch2") || ""} drawing=${drawing} change=${put("2")}>
            <button type="button" class="small" onClick=${() => put("2")("", "")}>Close</button><//>`
    }
  </div>`;
}

function Reader({ label, jobs, job, epoch, drawing, change, children }) {
  const ask = isBlank(drawing) ? null : () => classify(drawing, job.id, epoch);
  const answer = useLatest(ask, [drawing, job.id, epoch]);
  return html`<section class="reader" aria-label=${label}>
    <${Chooser} jobs=${jobs} job=${job} epoch=${epoch} label=${label} change=${change} />
    <${Answer} answer=${answer} isAsked=${ask !== null} />
    ${children}
  </section>`;
}

async function classify(drawing, jobId, epoch) {
  const start = performance.now();
  const query = new URLSearchParams({ explain: "true", job_id: jobId, epoch: epoch || "best" });
  const body = await upload(`predict?${query}`, fileOf(drawing));
  return { body, milliseconds: performance.now() - start };
}
