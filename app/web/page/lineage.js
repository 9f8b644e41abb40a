// All that a job's weights follow from, and a way to make them again.
import { read, send } from "./api.js";
import { moment, words } from "./format.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

export function Lineage({ job }) {
  const [isOpen, setOpen] = useState(false);
  return html`<details onToggle=${(event) => setOpen(event.target.open)}>
    <summary>Lineage</summary>
    ${isOpen && html`<${Origins} job=${job} />`}
  </details>`;
}

function Origins({ job }) {
  const { data: lineage, error } = useLoaded(() => read(`jobs/${job.id}/lineage`), [job.id, job.status]);
  if (!lineage) return html`<p class="help">${error ? error.message : "Loading…"}</p>`;
  const { starting_point: start, requested, weights_sha256: weights } = lineage;
  const facts = [
    ["Seed", lineage.seed],
    ["Dataset", lineage.dataset],
    ["Started from", start ? originOf(start) : "drawn weights"],
    ["Weights, SHA-256", html`<code>${weights || "none yet"}</code>`],
  ];
  return html`<div class="found origins">
    <${Pairs} facts=${facts} />
    ${lineage.attempts.map((attempt) => html`<${Attempt} key=${attempt.attempt} attempt=${attempt} />`)}
    ${requested && html`<div><h3>As it was asked for</h3><pre tabindex="0" role="region" aria-label="The request">${JSON.stringify(requested, null, 2)}</pre></div>`}
    ${job.status === "succeeded" && html`<div><div class="actions"><button type="button" onClick=${() => reproduce(job)}>Reproduce</button></div>
      <p class="help">Runs the same lineage as a new job, which ends with a verdict: the same weights, bit for bit, or why not.</p></div>`}
  </div>`;
}

const Pairs = ({ facts }) =>
  html`<dl class="pairs">${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;

const originOf = ({ job_id: id, epoch, sha256 }) =>
  id ? html`<a href="#/jobs/${id}">job ${id.slice(0, 8)}</a>, epoch ${epoch}` : html`<code>${sha256}</code>`;

function Attempt({ attempt }) {
  const { environment, dataset_digest: images, split_digest: split } = attempt;
  const facts = [
    ["Began", `${moment(attempt.created_at)}, epoch ${attempt.epoch}${attempt.step ? `, step ${attempt.step}` : ""}`],
    ["On", Object.entries(environment).map(([name, value]) => `${words(name)} ${value}`).join(", ")],
    ["Code", `version ${attempt.version}${attempt.commit ? `, commit ${attempt.commit}` : ""}`],
    ["Images, SHA-256", html`<code>${images}</code>`],
    ["Split, SHA-256", html`<code>${split}</code>`],
  ];
  return html`<div><h3>Attempt ${attempt.attempt}</h3>
    <${Pairs} facts=${facts} /></div>`;
}

async function reproduce(job) {
  try {
    const again = await (await send(`jobs/${job.id}/reproduce`)).json();
    tell("The same lineage runs again.");
    go(`/jobs/${again.id}`);
  } catch (error) {
    tell(error.message);
  }
}

const VERDICTS = {
  exact: "The same weights, bit for bit.",
  statistical: "Not the same weights, but as good.",
  different: "It came out different.",
};

/** What a reproduction found; until then, of what it is one. */
export const Verdict = ({ reproduction: { of, verdict, reasons } }) =>
  html`<div class="card verdict-card" role="status">
    <p><strong>${VERDICTS[verdict] || "A reproduction, under way."}</strong> It runs <a href="#/jobs/${of}">job ${of.slice(0, 8)}</a> again.</p>
    ${reasons?.length > 0 && html`<ul class="help">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>`}
  </div>`;
