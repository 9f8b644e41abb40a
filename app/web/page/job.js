// One job: how it stands, how it learns, what came of it.
import { Actions } from "./actions.js";
import { Checkpoints } from "./checkpoints.js";
import { clock, decimal, duration, moment, nameOf, networkOf, percent, trainedFor, words } from "./format.js";
import { JobCurves } from "./job_curves.js";
import { useJob } from "./live.js";
import { Lineage, Verdict } from "./lineage.js";
import { Logs } from "./logs.js";
import { placeInQueue, Progress, Status } from "./progress.js";
import { Report } from "./report.js";
import { go } from "./router.js";
import { said } from "./schema.js";
import { Shown } from "./states.js";
import { html, useEffect } from "./ui.js";

export function JobView({ id }) {
  const loaded = useJob(id);
  const title = loaded.data && `${nameOf(loaded.data)}, ${loaded.data.status}`;
  useEffect(() => {
    if (title) document.title = `${title} · Modelmill`;
  }, [title]);
  return html`<${Shown} loaded=${loaded} what="Loading the job">
    ${(job) => html`
      <${Head} job=${job} changed=${(action) => (action === "delete" ? go("/jobs") : loaded.reload())} />
      ${!loaded.isLive && !loaded.error && html`<p class="warning" role="status">The connection is lost; this view catches up as soon as it is back.</p>`}
      ${job.error && html`<${JobFailure} error=${job.error} />`}
      ${job.reproduction && html`<${Verdict} reproduction=${job.reproduction} />`}
      <${Facts} job=${job} metrics=${loaded.metrics} />
      ${(!job.is_terminal || loaded.metrics.length > 0) && html`<${JobCurves} metrics=${loaded.metrics} />`}
      ${job.status === "succeeded" && html`<${Report} jobId=${job.id} />`}
      <${Checkpoints} job=${job} />
      <div class="two">
        <${Hyperparameters} spec=${job.spec} />
        <${History} job=${job} />
      </div>
      <${Lineage} job=${job} />
      <${Logs} job=${job} />
    `}
  <//>`;
}

const Head = ({ job, changed }) =>
  html`<p class="crumb"><a href="#/jobs">Jobs</a></p>
    <div class="title">
      <h1>${nameOf(job)}</h1>
      <div class="actions">
        <${Actions} job=${job} changed=${changed} />
        <a class="button small" href="#/new?from=${job.id}">Edit and run</a>
      </div>
    </div>
    <p class="lead"><${Status} job=${job} /> ${networkOf(job.spec)} on ${job.spec.dataset}, submitted ${moment(job.created_at)}${
      job.retried_from && html`, again from <a href="#/jobs/${job.retried_from}">job ${job.retried_from.slice(0, 8)}</a>`
    }</p>
    ${job.queue && html`<p class="help">${placeInQueue(job.queue)}</p>`}
    ${!job.is_terminal && html`<${Progress} job=${job} />`}`;

const JobFailure = ({ error }) =>
  html`<div class="state failure" role="alert">
    <h2>It failed: ${words(error.code)}</h2>
    <p>${error.message}</p>
    <p>${error.hint}</p>
  </div>`;

function Facts({ job, metrics }) {
  const seconds = trainedFor(job);
  const speed = metrics.at(-1)?.images_per_second;
  const facts = [
    ["Test accuracy", percent(job.test_accuracy), job.test_loss !== null && `loss ${decimal(job.test_loss, 3)}`],
    ["Best validation", percent(job.best_val_accuracy), job.best_epoch && `epoch ${job.best_epoch}`],
    ["Time", seconds === null ? "–" : duration(seconds), speed && `${Math.round(speed)} images/s`],
    ["Epochs", `${job.epoch} of ${job.spec.epochs}`, job.stop_reason && words(job.stop_reason)],
    ["Device", job.environment?.device ?? "–", job.environment?.precision],
  ];
  return html`<dl class="facts">
    ${facts.map(([name, value, more]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd><dd class="more">${more || "\u00a0"}</dd></div>`)}
  </dl>`;
}

/** What the job uses; what it leaves out only for who asks. */
function Hyperparameters({ spec }) {
  const all = Object.entries(spec).map(([name, value]) => [name, said(value)]);
  const isUnused = ([, value]) => value === "none" || value === "no";
  return html`<section><h2>Hyperparameters</h2>
    <${Pairs} pairs=${all.filter((pair) => !isUnused(pair))} />
    <details class="numbers"><summary>Not used</summary><${Pairs} pairs=${all.filter(isUnused)} /></details>
  </section>`;
}

const Pairs = ({ pairs }) =>
  html`<dl class="pairs">${pairs.map(([name, value]) => html`<div key=${name}><dt>${words(name)}</dt><dd>${value}</dd></div>`)}</dl>`;

const History = ({ job }) =>
  html`<section><h2>History</h2>
    <ol class="history">${job.history.map(
      (change) => html`<li><span class="status ${change.status}">${change.status}</span>
        <time datetime=${change.at}>${clock(change.at, "medium")}</time>
        <small>${[change.reason && words(change.reason), change.attempt > 1 && `attempt ${change.attempt}`].filter(Boolean).join(", ")}</small></li>`,
    )}</ol>
  </section>`;
