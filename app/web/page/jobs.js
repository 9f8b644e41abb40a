// The table of jobs: filter, sort, choose some to compare, act on each.
import { read } from "./api.js";
import { JobRow } from "./job_row.js";
import { trainedFor } from "./format.js";
import { useJobs } from "./live.js";
import { shareOf } from "./progress.js";
import { adjust, go } from "./router.js";
import { Empty, Shown, useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

const PAGE = 25;
const MOST_COMPARED = 8;
const FILTERS = {
  "": "All",
  active: "Not finished",
  succeeded: "Succeeded",
  failed: "Failed",
  cancelled: "Cancelled",
};
const ACTIVE = ["queued", "running", "pausing", "paused", "stopping", "cancelling"];
const SORTS = {
  name: (job) => (job.name || job.id).toLowerCase(),
  status: (job) => job.status,
  progress: shareOf,
  best: (job) => job.best_val_accuracy ?? -1,
  test: (job) => job.test_accuracy ?? -1,
  time: (job) => trainedFor(job) ?? -1,
};
const COLUMNS = [
  ["name", "Job"],
  ["status", "Status"],
  ["progress", "Progress"],
  ["best", "Best validation", "number"],
  ["test", "Test", "number"],
  ["time", "Time", "number"],
];

/** The statuses that the service is asked for; none are all. */
function statusesOf(query) {
  const filter = query.get("status") || "";
  return filter === "active" ? ACTIVE : filter ? [filter] : [];
}

function shown(jobs, query) {
  const [statuses, text] = [statusesOf(query), (query.get("find") || "").toLowerCase()];
  const kept = jobs.filter((job) => {
    const matches = statuses.length === 0 || statuses.includes(job.status);
    const said = [job.name, job.id, job.spec.preset, job.spec.dataset, ...job.tags].join(" ");
    return matches && said.toLowerCase().includes(text);
  });
  const [key, isUp] = sortOf(query);
  if (!SORTS[key]) return kept;
  const value = SORTS[key];
  const order = (a, b) => (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0);
  return kept.sort((a, b) => (isUp ? order(a, b) : order(b, a)));
}

const sortOf = (query) => {
  const sort = query.get("sort") || "";
  return [sort.replace("-", ""), !sort.startsWith("-")];
};

function Heading({ column: [name, label, kind], query }) {
  const [key, isUp] = sortOf(query);
  const current = key === name;
  const next = current && !isUp ? name : `-${name}`;
  return html`<th role="columnheader" scope="col" class=${kind} aria-sort=${current ? (isUp ? "ascending" : "descending") : null}>
    <button type="button" class="sort" onClick=${() => adjust("jobs", query, { sort: next })}>${label}</button>
  </th>`;
}

function Table({ jobs, hasMore, query, changed }) {
  const [chosen, setChosen] = useState([]);
  const choose = (id) => () =>
    setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id].slice(-MOST_COMPARED));
  const rows = shown([...jobs], query);
  const canCompare = chosen.length > 1;
  const start = () => go(`/compare?ids=${chosen.join(",")}`);
  return html`<div class="toolbar">
      <label>Show <select value=${query.get("status") || ""} onChange=${(event) => adjust("jobs", query, { status: event.target.value })}>
        ${Object.entries(FILTERS).map(([value, label]) => html`<option value=${value}>${label}</option>`)}
      </select></label>
      <label>Find <input type="search" placeholder="name, tag, preset" value=${query.get("find") || ""}
        onInput=${(event) => adjust("jobs", query, { find: event.target.value })} /></label>
      <button type="button" disabled=${!canCompare} onClick=${start}>
        ${canCompare ? `Compare ${chosen.length}` : "Compare: choose two or more"}
      </button>
    </div>
    ${
      rows.length === 0
        ? html`<${Empty} title="Nothing matches"><p>${hasMore ? `None of the newest ${jobs.length} jobs is like that.` : "No job is like that. Show all, or find something else."}</p><//>`
        : html`<table class="jobs" role="table">
          <caption class="unseen">Jobs</caption>
          <thead role="rowgroup"><tr role="row">
            <th role="columnheader" scope="col"><span class="unseen">Compare</span></th>
            ${COLUMNS.map((column) => html`<${Heading} key=${column[0]} column=${column} query=${query} />`)}
            <th role="columnheader" scope="col"><span class="unseen">Actions</span></th>
          </tr></thead>
          <tbody role="rowgroup">
            ${rows.map((job) => html`<${JobRow} key=${job.id} job=${job} isChosen=${chosen.includes(job.id)} choose=${choose(job.id)} changed=${changed} />`)}
          </tbody>
        </table>`
    }`;
}

/** Say so while nobody would train what is queued. */
function WorkerWarning() {
  const { data } = useLoaded(() => read("workers"), [], 10_000);
  if (!data || data.data.some((worker) => worker.is_alive)) return null;
  return html`<p class="warning" role="status">No worker is running, so queued jobs wait. Start one with <code>modelmill worker</code>.</p>`;
}

export function Jobs({ query }) {
  const [limit, setLimit] = useState(PAGE);
  const loaded = useJobs(limit, statusesOf(query));
  return html`<div class="title"><h1>Jobs</h1><a class="button primary" href="#/new">New job</a></div>
    <${WorkerWarning} />
    <${Shown} loaded=${loaded} what="Loading jobs">
      ${(listing) =>
        listing.data.length === 0 && !query.get("status")
          ? html`<${Empty} title="Nothing trained yet">
              <p>Train the tutorial's network on handwritten digits: two passes take about a minute on two cores. Then draw a digit and see what it reads.</p>
              <a class="button primary" href="#/new?epochs=2">Train a first network</a>
            <//>`
          : html`<${Table} jobs=${listing.data} hasMore=${listing.has_more} query=${query} changed=${loaded.reload} />
              ${listing.has_more && html`<button type="button" onClick=${() => setLimit(limit + PAGE)}>Show more</button>`}`}
    <//>`;
}
