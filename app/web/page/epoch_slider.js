// From epoch to epoch: how the network came to be what it is.
import { percent } from "./format.js";
import { html } from "./ui.js";

export function EpochSlider({ checkpoints, current, change }) {
  const place = checkpoints.indexOf(current);
  const move = (event) => change(checkpoints[Number(event.target.value)].epoch);
  const said = `Epoch ${current.epoch}, validation accuracy ${percent(current.val_accuracy)}`;
  return html`<div class="slider">
    <label for="epoch">Epoch ${current.epoch}</label>
    <input id="epoch" type="range" min="0" max=${checkpoints.length - 1} step="1" value=${place}
      disabled=${checkpoints.length < 2} aria-valuetext=${said} onInput=${move} />
    <span class="number">${percent(current.val_accuracy)}</span>
  </div>`;
}
