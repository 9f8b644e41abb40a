// A dataset of one's own, dropped or chosen, on its way to the service.
import { Choices } from "./choices.js";
import { bytes } from "./format.js";
import { Line } from "./line.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { sendForm } from "./sending.js";
import { html, useState } from "./ui.js";

const READ_AS = [
  ["plain", "Whole, on their own background"],
  ["auto", "Handwritten digits: found, centred, white on black"],
];
const COLOURS = [
  ["auto", "Colour if any shows some"],
  ["grey", "Grey"],
  ["rgb", "Colour"],
];
const KINDS = ".zip,.tar,.tgz,.gz,.npz,.idx,.ubyte,*";

/** A name that the service takes, from that of a file. */
function nameFrom(file) {
  const stem = file.name.toLowerCase().replace(/(\.(zip|tar|tgz|gz|npz))+$/, "");
  return stem.replaceAll(/[^a-z0-9._-]+/g, "-").replace(/^[^a-z0-9]+/, "").slice(0, 64);
}

export function UploadForm({ changed }) {
  const [files, setFiles] = useState([]);
  const [name, setName] = useState("");
  const [readAs, setReadAs] = useState("plain");
  const [size, setSize] = useState("");
  const [colour, setColour] = useState("auto");
  const [sending, setSending] = useState(null);
  const [error, setError] = useState(null);
  const take = (list) => {
    if (!list.length) return;
    setFiles([...list]);
    setName((before) => before || nameFrom(list[0]));
    setError(null);
  };
  const submit = async (event) => {
    event.preventDefault();
    setError(null);
    const form = new FormData();
    form.append("name", name.trim());
    form.append("preprocess", readAs);
    if (readAs === "plain") {
      form.append("colour", colour);
      if (size.trim()) form.append("size", size.trim());
    }
    for (const file of files) form.append("file", file, file.name);
    const { answer, stop } = sendForm("datasets", form, (share) => setSending({ share, stop }));
    setSending({ share: 0, stop });
    try {
      const dataset = await answer;
      if (dataset) arrived(dataset);
    } catch (problem) {
      setError(problem);
    }
    setSending(null);
    changed();
  };
  return html`<form class="card upload" onSubmit=${submit} aria-label="Upload a dataset">
    <${Drop} files=${files} take=${take} isBusy=${sending !== null} />
    ${
      files.length > 0 &&
      html`<div class="fields">
          <${Line} id="dataset-name" label="Name" value=${name} change=${setName} required
            help="Under a name that is there already it becomes the next version." />
          <${Choices} id="read-as" label="How pictures become alike" choices=${READ_AS} value=${readAs} change=${setReadAs} />
          ${readAs === "plain" && html`<${Line} id="dataset-size" label="Width and height" value=${size} change=${setSize}
            help="As 32x24, or both as 28; left empty, the commonest among them." />
          <${Choices} id="dataset-colour" label="Colour" choices=${COLOURS} value=${colour} change=${setColour} />`}
        </div>
        ${sending ? html`<${Way} ...${sending} />` : html`<button class="primary">Upload ${bytes(sizeOf(files))}</button>`}`
    }
    ${error && html`<${Refusal} error=${error} />`}
  </form>`;
}

function arrived(dataset) {
  tell(`${dataset.reference} is here.`);
  go(`/datasets/${dataset.id}`);
}

const sizeOf = (files) => files.reduce((sum, { size }) => sum + size, 0);

function Drop({ files, take, isBusy }) {
  const [isOver, setOver] = useState(false);
  const over = (event) => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    if (!isBusy) take(event.dataTransfer.files);
  };
  return html`<div class=${isOver ? "drop over" : "drop"} onDragOver=${over} onDragLeave=${() => setOver(false)} onDrop=${drop}>
    <p><strong>${files.length ? files.map((file) => file.name).join(", ") : "Drop a dataset here"}</strong></p>
    <p class="help">A zip or tar with a folder of pictures for each class, perhaps within <code>train</code> and <code>test</code>; an npz; or IDX files as MNIST has them.</p>
    <label class="button">${files.length ? "Choose another" : "Choose a file"}<input class="unseen" type="file" multiple accept=${KINDS} disabled=${isBusy}
      onChange=${(event) => take(event.target.files)} /></label>
  </div>`;
}

/** On its way; then the service looks at each picture, which may take longer. */
const Way = ({ share, stop }) =>
  html`<div class="way">
    ${share < 1 ? html`<progress key="sent" max="1" value=${share} aria-label="Upload"></progress>` : html`<progress key="read" aria-label="Reading"></progress>`}
    <span class="help" role="status">${share < 1 ? `${Math.round(100 * share)} % sent` : "Sent; the pictures are being read"}</span>
    <button type="button" class="small" onClick=${stop}>Cancel</button>
  </div>`;

const Refusal = ({ error }) =>
  html`<div class="wrong" role="alert">
    <p>${error.message}</p>
    ${error.errors.length > 1 && html`<ul>${error.errors.map(({ message }) => html`<li>${message}</li>`)}</ul>`}
  </div>`;
