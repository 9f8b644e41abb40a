// One job in the table.
import { Actions } from "./actions.js";
import { duration, nameOf, networkOf, NOTHING, percent, trainedFor } from "./format.js";
import { Progress, Spark, Status } from "./progress.js";
import { html } from "./ui.js";

const Cell = ({ label, kind, children }) =>
  html`<td role="cell" class=${kind} data-label=${label}>${children}</td>`;

export function JobRow({ job, isChosen, choose, changed }) {
  const seconds = trainedFor(job);
  return html`<tr role="row" class=${isChosen ? "chosen" : null}>
    <td role="cell" class="choice">
      <input type="checkbox" aria-label="Compare ${nameOf(job)}" checked=${isChosen} onChange=${choose} />
    </td>
    <th role="rowheader" scope="row">
      <a href="#/jobs/${job.id}">${nameOf(job)}</a>
      <small>${networkOf(job.spec)} on ${job.spec.dataset}</small>
    </th>
    <${Cell} label="Status"><${Status} job=${job} /><//>
    <${Cell} label="Progress"><${Progress} job=${job} /><//>
    <${Cell} label="Best validation" kind="number">
      <span class="curve"><${Spark} job=${job} />
      <span>${percent(job.best_val_accuracy)}${job.best_epoch && html`<small>epoch ${job.best_epoch}</small>`}</span></span>
    <//>
    <${Cell} label="Test" kind="number">${percent(job.test_accuracy)}<//>
    <${Cell} label="Time" kind="number">${seconds === null ? NOTHING : duration(seconds)}<//>
    <${Cell} label="Actions" kind="last"><${Actions} job=${job} changed=${changed} /><//>
  </tr>`;
}
