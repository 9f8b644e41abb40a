// What a network says of a drawing: its answer, how sure it is, and what it saw.
import { percent, words } from "./format.js";
import { html } from "./ui.js";

/** Why a picture is not known: in short, and in a sentence. */
export const REASONS = {
  no_ink: ["Nothing drawn", "There is no ink to see."],
  not_a_digit: ["Not a digit", "It does not look like one, so the numbers say little."],
  several_digits: ["Several digits", "It takes them for one, so the numbers say little."],
  unfamiliar: ["Unfamiliar", "It was trained on nothing like it, so the numbers say little."],
};

/** @param {{answer: {data: any, error: any}, isAsked: boolean}} props */
export function Answer({ answer, isAsked }) {
  if (answer.error) return html`<p class="wrong" role="alert">${answer.error.message}</p>`;
  const entry = answer.data?.body.data[0];
  return html`<div class="answer">
    <div class="verdict" role="status" aria-live="polite">
      <${Verdict} entry=${entry} isAsked=${isAsked} />
    </div>
    ${entry && html`<${Seen} entry=${entry} milliseconds=${answer.data.milliseconds} />`}
    <${Bars} entry=${entry} />
  </div>`;
}

function Verdict({ entry, isAsked }) {
  if (!entry && isAsked) return html`<span class="label none" aria-hidden="true">…</span><span>Looking at it</span>`;
  if (!entry) return html`<span class="label none" aria-hidden="true">?</span><span>Waiting for a drawing</span>`;
  if (!entry.known) {
    const [title, why] = REASONS[entry.reason] || ["Not known", words(entry.reason)];
    return html`<span class="label none" aria-hidden="true">?</span>
      <span><strong>${title}</strong><small>${why}</small></span>`;
  }
  return html`<span class=${entry.label.length > 2 ? "label long" : "label"}>${entry.label}</span>
    <span><strong>${percent(entry.confidence, 1)}</strong><small>sure</small></span>`;
}

const DIGITS = Object.fromEntries([..."0123456789"].map((digit) => [digit, 0]));

function Bars({ entry }) {
  const probabilities = Object.entries(entry?.probabilities || DIGITS);
  return html`<table class=${entry && !entry.known ? "bars doubtful" : "bars"}>
    <caption class="unseen">Probabilities</caption>
    <tbody>${probabilities.map(
      ([label, probability]) => html`<tr key=${label} class=${entry?.label === label ? "best" : null}>
        <th scope="row">${label}</th>
        <td><svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
          <rect class="track" width="100" height="10" /><rect class="value" width=${100 * probability} height="10" />
        </svg></td>
        <td class="number">${entry ? percent(probability, 1) : ""}</td>
      </tr>`,
    )}</tbody>
  </table>`;
}

function Seen({ entry, milliseconds }) {
  const { png, saliency } = entry.explanation;
  return html`<div class="seen">
    <figure><img class="pixels" src="data:image/png;base64,${png}" alt="The pixels that the network saw" width="96" height="96" />
      <figcaption>What it saw</figcaption></figure>
    ${
      saliency &&
      html`<figure><img class="pixels" src="data:image/png;base64,${saliency}" alt="How much each pixel counted" width="96" height="96" />
        <figcaption>What counted</figcaption></figure>`
    }
    <p class="help">Answered in ${Math.round(milliseconds)} ms.</p>
  </div>`;
}
