// What the service found in an uploaded dataset, in bars and lists.
import { read } from "./api.js";
import { count, counted, decimal } from "./format.js";
import { useLoaded } from "./states.js";
import { html } from "./ui.js";

export function DatasetReport({ id }) {
  const { data: report } = useLoaded(() => read(`datasets/${id}/report`), [id]);
  if (!report) return null;
  return html`<section><h2>What was found</h2>
    <div class="two">
      <${Balance} classes=${report.classes} imbalance=${report.imbalance} />
      <div class="found">
        <${Pictures} report=${report} />
        <${Copies} duplicates=${report.duplicates} />
      </div>
    </div>
    ${report.unreadable_count > 0 && html`<${Unreadable} report=${report} />`}
  </section>`;
}

/** Both splits of all classes on one scale. */
function Balance({ classes, imbalance }) {
  const most = Math.max(1, ...classes.flatMap(({ train, test }) => [train, test]));
  const bar = (value, kind) =>
    html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect class="track" width="100" height="10" /><rect class=${kind} width=${(100 * value) / most} height="10" /></svg>`;
  return html`<figure><figcaption>Images by class
      <span class="key"><span class="swatch series-1"></span>to learn from</span>
      <span class="key"><span class="swatch series-2"></span>to test with</span></figcaption>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Images by class"><table class="classes balance">
      <thead><tr><th scope="col">Class</th><th scope="col"><span class="unseen">Share</span></th><th scope="col" class="number">Learn</th><th scope="col" class="number">Test</th></tr></thead>
      <tbody>${classes.map(
        ({ name, train, test }) => html`<tr key=${name}>
          <th scope="row">${name}</th><td>${bar(train, "first")}${bar(test, "second")}</td>
          <td class="number">${count(train)}</td><td class="number">${count(test)}</td>
        </tr>`,
      )}</tbody>
    </table></div>
    ${imbalance !== null && html`<p class="help">The largest class has ${decimal(imbalance, 1)} times as many images as the smallest.</p>`}
  </figure>`;
}

function Pictures({ report }) {
  const list = (found) => Object.entries(found).map(([what, number]) => `${what}: ${count(number)}`).join(", ") || "none";
  const rows = [
    ["Images", count(report.images)],
    ["Sizes", list(report.sizes)],
    ["Modes", list(report.modes)],
    ["Mean and spread", report.mean === null ? "–" : `${decimal(report.mean, 3)} ± ${decimal(report.std, 3)}`],
  ];
  return html`<div><h3>Pictures</h3>
    <dl class="pairs">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></div>`;
}

function Copies({ duplicates }) {
  const rows = [
    ["Among those to learn from", duplicates.within_train],
    ["Among those to test with", duplicates.within_test],
    ["In both", duplicates.across_splits],
    ["Under several classes", duplicates.across_classes],
  ];
  return html`<div><h3>Copies</h3>
    <dl class="pairs">${rows.map(([name, value]) => html`<div key=${name}><dt>${name}</dt><dd>${count(value)}</dd></div>`)}</dl>
    ${
      duplicates.examples.length > 0 &&
      html`<details class="numbers"><summary>Which files</summary>
        <ul class="files">${duplicates.examples.map((files) => html`<li>${files.join(" = ")}</li>`)}</ul></details>`
    }</div>`;
}

const Unreadable = ({ report: { unreadable, unreadable_count: number } }) =>
  html`<div><h3>${counted(number, "file")} could not be read</h3>
    <div class="scroll tall" tabindex="0" role="region" aria-label="Files that could not be read"><table class="unreadable">
      <thead><tr><th scope="col">File</th><th scope="col">Why</th></tr></thead>
      <tbody>${unreadable.map(({ file, reason }) => html`<tr key=${file}><th scope="row">${file}</th><td>${reason}</td></tr>`)}</tbody>
    </table></div>
    ${number > unreadable.length && html`<p class="help">The first ${unreadable.length} are shown.</p>`}
  </div>`;
