// Several jobs side by side: overlaid curves, and only the hyperparameters that differ.
import { read } from "./api.js";
import { Curves } from "./curves.js";
import { duration, nameOf, percent, trainedFor, words } from "./format.js";
import { accuracySaid, lossSaid, points, UnitChoice } from "./job_curves.js";
import { said } from "./schema.js";
import { Empty, Shown, useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

const MOST = 8;
const EVERY = 5000;

export function Compare({ query }) {
  const ids = (query.get("ids") || "").split(",").filter(Boolean).slice(0, MOST);
  const loaded = useLoaded(() => Promise.all(ids.map(readJob)), [ids.join()], EVERY);
  return html`<p class="crumb"><a href="#/jobs">Jobs</a></p>
    <div class="title"><h1>Compare</h1></div>
    ${
      ids.length === 0
        ? html`<${Empty} title="Nothing to compare"><p>Choose two or more in the table of <a href="#/jobs">jobs</a>.</p><//>`
        : html`<${Shown} loaded=${loaded} what="Loading the jobs">${(jobs) => html`<${Comparison} jobs=${jobs} />`}<//>`
    }`;
}

async function readJob(id) {
  const [job, metrics] = await Promise.all([read(`jobs/${id}`), read(`jobs/${id}/metrics`)]);
  return { ...job, metrics: metrics.data };
}

function Comparison({ jobs }) {
  const [unit, setUnit] = useState("Epoch");
  const lines = (name) =>
    jobs.map((job, place) => ({
      label: nameOf(job),
      color: `--series-${place + 1}`,
      points: points(job.metrics, name, unit),
    }));
  return html`<section aria-labelledby="overlaid">
      <div class="title"><h2 id="overlaid">Validation</h2><${UnitChoice} unit=${unit} change=${setUnit} /></div>
      <div class="two">
        <${Curves} title="Loss" lines=${lines("val_loss")} unit=${unit} say=${lossSaid} range=${[0, null]} />
        <${Curves} title="Accuracy" lines=${lines("val_accuracy")} unit=${unit} say=${accuracySaid} range=${[null, 1]} />
      </div>
    </section>
    <section><h2>What differs</h2><${Differences} jobs=${jobs} /></section>`;
}

function Differences({ jobs }) {
  const results = {
    status: (job) => job.status,
    "test accuracy": (job) => percent(job.test_accuracy),
    "best validation": (job) => percent(job.best_val_accuracy),
    time: (job) => (trainedFor(job) === null ? "–" : duration(trainedFor(job))),
  };
  const names = [...new Set(jobs.flatMap((job) => Object.keys(job.spec)))];
  const differing = names.filter((name) => new Set(jobs.map((job) => JSON.stringify(job.spec[name]))).size > 1);
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Differences"><table class="differences">
    <thead><tr><th scope="col"><span class="unseen">Value</span></th>
      ${jobs.map((job, place) => html`<th scope="col"><span class="swatch series-${place + 1}" aria-hidden="true"></span><a href="#/jobs/${job.id}">${nameOf(job)}</a></th>`)}
    </tr></thead>
    <tbody>
      ${Object.entries(results).map(([name, value]) => html`<tr key=${name}><th scope="row">${name}</th>${jobs.map((job) => html`<td>${value(job)}</td>`)}</tr>`)}
      ${differing.map((name) => html`<tr key=${name}><th scope="row">${words(name)}</th>${jobs.map((job) => html`<td>${said(job.spec[name])}</td>`)}</tr>`)}
    </tbody>
  </table></div>`;
}
