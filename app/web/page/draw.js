// Draw a digit and see what one network, or two side by side, make of it.
import { upload } from "./api.js";
import { Answer } from "./answer.js";
import { Chooser, pick, useReferences, useTrained } from "./chooser.js";
import { fileOf, isBlank } from "./drawing.js";
import { useLatest } from "./latest.js";
import { Pad } from "./pad.js";
import { adjust } from "./router.js";
import { Empty, Shown } from "./states.js";
import { Strip } from "./strip.js";
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

/** A job, or a model as predictions name it: digits@champion. */
const networkIn = (jobs, name) => (name?.includes("@") ? { model: name } : { job: pick(jobs, name) });

function Board({ jobs, query, drawing, change }) {
  const references = useReferences();
  const second = query.get("job2");
  const put = (suffix) => (name, epoch) => adjust("draw", query, { [`job${suffix}`]: name, [`epoch${suffix}`]: epoch });
  const first = networkIn(jobs, query.get("job"));
  const reader = (label, suffix, network) => ({
    label, jobs, references, network, drawing, epoch: query.get(`epoch${suffix}`) || "", change: put(suffix),
  });
  return html`<div class=${second ? "board both" : "board"}>
    <${Pad} drawing=${drawing} change=${change} />
    <${Reader} ...${reader("Network", "", first)}>
      ${!second && html`<button type="button" onClick=${() => put("2")((first.job || jobs[0]).id, "1")}>Compare with another</button>`}
    <//>
    ${
      second &&
      html`<${Reader} ...${reader("Second network", "2", networkIn(jobs, second))}>
            <button type="button" class="small" onClick=${() => put("2")("", "")}>Close</button><//>`
    }
    ${drawing.batch.length > 0 && html`<${Strip} drawing=${drawing} change=${change} asked=${asked(first, query.get("epoch"))} />`}
  </div>`;
}

function Reader({ label, jobs, references, network, epoch, drawing, change, children }) {
  const question = asked(network, epoch);
  const ask = isBlank(drawing) ? null : () => classify(drawing, question);
  const answer = useLatest(ask, [drawing, question]);
  return html`<section class="reader" aria-label=${label}>
    <${Chooser} jobs=${jobs} references=${references} network=${network} epoch=${epoch} label=${label} change=${change} />
    <${Answer} answer=${answer} isAsked=${ask !== null} />
    ${children}
  </section>`;
}

/** Who is asked, as the query of a prediction. */
const asked = ({ job, model }, epoch) =>
  new URLSearchParams(model ? { model } : { job_id: job.id, epoch: epoch || "best" }).toString();

async function classify(drawing, question) {
  const start = performance.now();
  const body = await upload(`predict?explain=true&${question}`, fileOf(drawing));
  return { body, milliseconds: performance.now() - start };
}
