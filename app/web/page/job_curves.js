// Loss and accuracy of one job, by epoch or by seconds of training.
import { Curves } from "./curves.js";
import { html, useState } from "./ui.js";

export const accuracySaid = (value) => `${+(100 * value).toFixed(2)} %`;
export const lossSaid = (value) => `${+value.toPrecision(3)}`;

/** @returns {[number, number][]} */
export function points(metrics, name, unit) {
  let seconds = 0;
  return metrics.map((row) => {
    seconds += row.seconds;
    return [unit === "Epoch" ? row.epoch : seconds, row[name]];
  });
}

export function UnitChoice({ unit, change }) {
  return html`<div class="choices" role="group" aria-label="Horizontal axis">
    ${["Epoch", "Seconds"].map(
      (name) => html`<button type="button" key=${name} class="small" aria-pressed=${String(name === unit)} onClick=${() => change(name)}>${name}</button>`,
    )}
  </div>`;
}

export function JobCurves({ metrics }) {
  const [unit, setUnit] = useState("Epoch");
  const pair = (name) => [
    { label: "Training", color: "--muted", isFaint: true, points: points(metrics, `train_${name}`, unit) },
    { label: "Validation", color: "--accent", points: points(metrics, `val_${name}`, unit) },
  ];
  return html`<section aria-labelledby="curves">
    <div class="title"><h2 id="curves">Learning</h2><${UnitChoice} unit=${unit} change=${setUnit} /></div>
    <div class="two">
      <${Curves} title="Loss" lines=${pair("loss")} unit=${unit} say=${lossSaid} range=${[0, null]} />
      <${Curves} title="Accuracy" lines=${pair("accuracy")} unit=${unit} say=${accuracySaid} range=${[null, 1]} />
    </div>
  </section>`;
}
