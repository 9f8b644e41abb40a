// One version of a dataset: what is in it, what is wrong with it, what can be done.
import { read } from "./api.js";
import { DatasetReport } from "./dataset_report.js";
import { DatasetStatus, isUnderWay, readDatasets } from "./datasets.js";
import { Deletion } from "./deletion.js";
import { bytes, count, counted, moment, NOTHING } from "./format.js";
import { tell } from "./notices.js";
import { usePicture } from "./picture.js";
import { usePolled } from "./polled.js";
import { go } from "./router.js";
import { Shown, useLoaded } from "./states.js";
import { html } from "./ui.js";

const PREPROCESSED = { plain: ", whole", auto: ", as handwritten digits" };

export function DatasetView({ id }) {
  const loaded = usePolled(() => read(`datasets/${id}`), [id], isUnderWay);
  return html`<${Shown} loaded=${loaded} what="Loading the dataset">
    ${(dataset) => html`
      <${Head} dataset=${dataset} />
      <${Faults} dataset=${dataset} />
      <${Facts} dataset=${dataset} />
      ${dataset.digest && html`<${Sheet} dataset=${dataset} />`}
      ${dataset.version && !isUnderWay(dataset) && html`<${DatasetReport} id=${dataset.id} />`}
      ${dataset.version && html`<${Versions} dataset=${dataset} />
        <${Deletion} name=${dataset.reference} path="datasets/${dataset.id}" describe=${describe} done=${leave(dataset)} />`}
    `}
  <//>`;
}

const leave = (dataset) => () => {
  tell(`${dataset.reference} is deleted.`);
  go("/datasets");
};

async function describe(path) {
  const freed = await read(`${path}?dry_run=true`, { method: "DELETE" });
  const others = freed.shared_with.join(" and ");
  return {
    isAllowed: freed.jobs_that_use_it === 0,
    lines: [
      others ? `It frees nothing: ${others} has the same images.` : `It frees ${bytes(freed.stored_bytes)}.`,
      freed.jobs_that_use_it
        ? `${counted(freed.jobs_that_use_it, "job")} that has not ended learns from it, so it has to stay until then.`
        : "Jobs that learned from it keep their results and checkpoints. It cannot be undone.",
    ],
  };
}

const Head = ({ dataset }) =>
  html`<p class="crumb"><a href="#/datasets">Datasets</a></p>
    <div class="title"><h1>${dataset.reference}</h1>
      ${dataset.status === "ready" && html`<a class="button primary" href="#/new?dataset=${dataset.reference}">Train on it</a>`}
    </div>
    <p class="lead"><${DatasetStatus} status=${dataset.status} /> ${
      dataset.created_at ? `uploaded ${moment(dataset.created_at)}` : "built in"
    }</p>
    ${isUnderWay(dataset) && html`<progress aria-label="The pictures are being read"></progress>`}`;

const Faults = ({ dataset: { error, fatal, warnings } }) => html`
  ${
    (error || fatal.length > 0) &&
    html`<div class="state failure" role="alert"><h2>No job can learn from it</h2>
      ${[error, ...fatal].filter(Boolean).map((line) => html`<p>${line}</p>`)}</div>`
  }
  ${warnings.length > 0 && html`<ul class="warning" aria-label="Warnings">${warnings.map((line) => html`<li>${line}</li>`)}</ul>`}
`;

function Facts({ dataset }) {
  const said = (value, say = count) => (value === null || value === undefined ? NOTHING : say(value));
  const facts = [
    ["Classes", said(dataset.class_names?.length)],
    ["To learn from", said(dataset.train_images)],
    ["To test with", said(dataset.test_images)],
    ["Kept in", said(dataset.stored_bytes, bytes)],
    ["Pictures", said(dataset.shape, shapeOf) + (PREPROCESSED[dataset.preprocess] || "")],
  ];
  return html`<dl class="facts">
    ${facts.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}
  </dl>
  ${dataset.class_names && !dataset.digest && html`<p class="help">Classes: ${dataset.class_names.join(", ")}</p>`}`;
}

const shapeOf = ([channels, height, width]) => `${width} by ${height}, ${channels === 1 ? "grey" : "colour"}`;

function Sheet({ dataset }) {
  const address = usePicture(`datasets/${dataset.id}/contact-sheet.png`);
  return html`<section><h2>As a network sees it</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="Contact sheet">
      ${address && html`<img class="pixels contact" src=${address} alt="Training images: a row for each of ${dataset.class_names.slice(0, 60).join(", ")}" />`}
    </div>
  </section>`;
}

function Versions({ dataset }) {
  const { data } = useLoaded(readDatasets, [dataset.id, dataset.status]);
  const versions = (data?.data || []).filter(({ name }) => name === dataset.name);
  if (versions.length < 2) return null;
  return html`<section><h2>Versions</h2>
    <ul class="versions">${versions.map(
      (one) => html`<li key=${one.id}>
        <a href="#/datasets/${one.id}" aria-current=${one.id === dataset.id ? "true" : null}>Version ${one.version}</a>
        <${DatasetStatus} status=${one.status} />
        <small>${moment(one.created_at)}${one.train_images !== null && `, ${count(one.train_images + one.test_images)} images`}${one.digest && one.digest === dataset.digest && one.id !== dataset.id && ", the same images"}</small>
      </li>`,
    )}</ul>
  </section>`;
}
