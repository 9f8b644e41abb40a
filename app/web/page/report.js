// The best checkpoint on the test images: by class, by confusion, by its worst mistakes.
import { read } from "./api.js";
import { count, percent } from "./format.js";
import { useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

export function Report({ jobId }) {
  const { data: report } = useLoaded(() => read(`jobs/${jobId}/report`), [jobId]);
  const [cell, setCell] = useState(null);
  if (!report) return null;
  return html`<section><h2>On ${count(report.images)} test images</h2>
    <div class="two">
      <${Confusion} report=${report} cell=${cell} choose=${setCell} />
      <${Classes} report=${report} />
    </div>
    <${Worst} report=${report} cell=${cell} clear=${() => setCell(null)} />
  </section>`;
}

function Confusion({ report, cell, choose }) {
  const names = report.classes.map(({ name }) => name);
  return html`<figure><figcaption>Confusion: what is shown, and what it is taken for</figcaption>
    <div class="scroll" tabindex="0" role="region" aria-label="Confusion matrix"><table class="confusion">
      <thead><tr><th scope="col"><span class="unseen">Shown</span></th>${names.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
      <tbody>${report.confusion_matrix.map((row, shown) => {
        const most = row.reduce((sum, number) => sum + number, 0) || 1;
        return html`<tr key=${shown}><th scope="row">${names[shown]}</th>${row.map(
          (number, taken) =>
            html`<${Cell} key=${taken} number=${number} share=${number / most} isRight=${shown === taken}
              isChosen=${cell?.[0] === names[shown] && cell?.[1] === names[taken]}
              press=${() => choose([names[shown], names[taken]])} says="${names[shown]} taken for ${names[taken]}: ${number}" />`,
        )}</tr>`;
      })}</tbody>
    </table></div></figure>`;
}

/** Shaded by its share of the row; mistakes can be pressed to see them. */
function Cell({ number, share, isRight, isChosen, press, says }) {
  const shade = isRight ? 10 * share : Math.min(10, 100 * share);
  const level = number ? Math.max(1, Math.round(shade)) : 0;
  const kind = `${isRight ? "right" : "mistake"} level-${level}`;
  if (isRight || !number) return html`<td class=${kind}>${number || ""}</td>`;
  return html`<td class=${kind}><button type="button" aria-label=${says} aria-pressed=${String(isChosen)} onClick=${press}>${number}</button></td>`;
}

/** Bars of what was missed: beside a good network's 99 % one sees nothing else. */
function Classes({ report }) {
  const missed = report.classes.map(({ recall }) => (recall === null ? 0 : 1 - recall));
  const most = Math.max(...missed) || 1;
  return html`<figure><figcaption>Missed, by class</figcaption>
    <table class="classes">
      <thead><tr><th scope="col">Class</th><th scope="col"><span class="unseen">Share missed</span></th><th scope="col" class="number">Recall</th><th scope="col" class="number">Precision</th></tr></thead>
      <tbody>${report.classes.map(
        ({ name, recall, precision }, place) => html`<tr key=${name}>
          <th scope="row">${name}</th>
          <td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
            <rect class="track" width="100" height="10" /><rect class="value" width=${(100 * missed[place]) / most} height="10" />
          </svg></td>
          <td class="number">${percent(recall, 1)}</td>
          <td class="number">${percent(precision, 1)}</td>
        </tr>`,
      )}</tbody>
    </table></figure>`;
}

function Worst({ report, cell, clear }) {
  const images = report.worst_images.filter(({ label, predicted }) => !cell || (label === cell[0] && predicted === cell[1]));
  return html`<h3>Worst mistakes${cell && html`: ${cell[0]} taken for ${cell[1]} <button type="button" class="small" onClick=${clear}>Show all</button>`}</h3>
    ${images.length === 0 && html`<p class="help">None of the ${report.worst_images.length} worst is such a mistake.</p>`}
    <ul class="worst">${images.map(
      (image) => html`<li key=${image.index}>
        <img src="data:image/png;base64,${image.png}" alt="Test image ${image.index}" width="64" height="64" />
        <span>${image.label}<span class="arrow" aria-label="taken for">→</span><strong>${image.predicted}</strong></span>
        <small>${percent(image.probabilities[image.predicted], 0)} sure</small>
      </li>`,
    )}</ul>`;
}
