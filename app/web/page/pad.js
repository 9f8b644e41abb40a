// Paper for mouse, touch and pen; pictures can be dropped, pasted, chosen or taken.
import { BLANK, DIGITS, drawn, isBlank, paint, SIDE } from "./drawing.js";
import { tell } from "./notices.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "./ui.js";

const MOST_PICTURES = 100;

/** @param {{drawing: import("./drawing.js").Drawing, change: (drawing: any) => void}} props */
export function Pad({ drawing, change }) {
  const [isOver, setOver] = useState(false);
  const [cleared, setCleared] = useState(null);
  const take = (list) => {
    const files = [...list].slice(0, MOST_PICTURES);
    if (list.length > files.length) tell(`The first ${MOST_PICTURES} of ${list.length} pictures are taken.`);
    if (files.length) change({ strokes: [], picture: files[0], batch: files.length > 1 ? files : [] });
  };
  useEffect(() => {
    const paste = (event) => take(event.clipboardData.files);
    window.addEventListener("paste", paste);
    return () => window.removeEventListener("paste", paste);
  }, []);
  const drop = (event) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  const over = (event) => {
    event.preventDefault();
    setOver(true);
  };
  const clear = () => {
    setCleared(drawing);
    change(BLANK);
  };
  const canUndo = drawing.strokes.length > 0 || (cleared && isBlank(drawing));
  const undo = () => change(drawing.strokes.length ? drawn(drawing.strokes.slice(0, -1)) : cleared);
  return html`<section class="pad" aria-label="Drawing">
    <div class=${isOver ? "paper over" : "paper"} onDragOver=${over} onDragLeave=${() => setOver(false)} onDrop=${drop}>
      ${drawing.picture ? html`<${Picture} file=${drawing.picture} />` : html`<${Paper} drawing=${drawing} change=${change} />`}
    </div>
    <div class="actions">
      <button type="button" disabled=${isBlank(drawing)} onClick=${clear}>Clear</button>
      <button type="button" disabled=${!canUndo} onClick=${undo}>Undo</button>
      <label class="button">Picture<input class="unseen" type="file" multiple accept="image/png,image/jpeg,image/webp" onChange=${(event) => take(event.target.files)} /></label>
      <label class="button touch">Camera<input class="unseen" type="file" accept="image/*" capture="environment" onChange=${(event) => take(event.target.files)} /></label>
    </div>
    <div class="samples" role="group" aria-label="Draw a digit for me">
      ${DIGITS.map((strokes, digit) => html`<button type="button" class="small" key=${digit} aria-label="Draw a ${digit}" onClick=${() => change(drawn(strokes))}>${digit}</button>`)}
    </div>
    <p class="help">Draw a digit; drop or paste pictures; or let one be drawn.</p>
  </section>`;
}

function Paper({ drawing, change }) {
  const canvas = useRef(null);
  const strokes = useRef(drawing.strokes);
  const isDown = useRef(false);
  strokes.current = isDown.current ? strokes.current : drawing.strokes;
  useLayoutEffect(() => paint(canvas.current.getContext("2d"), drawing.strokes), [drawing]);

  const pointOf = (event) => {
    const { left, top, width } = canvas.current.getBoundingClientRect();
    const scale = SIDE / width;
    return [(event.clientX - left) * scale, (event.clientY - top) * scale];
  };
  const put = (next) => {
    strokes.current = next;
    change(drawn(next));
  };
  const down = (event) => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.current.setPointerCapture(event.pointerId);
    isDown.current = true;
    put([...strokes.current, [pointOf(event)]]);
  };
  const move = (event) => {
    if (!isDown.current) return;
    const points = (event.getCoalescedEvents?.() || [event]).map(pointOf);
    const last = strokes.current.at(-1);
    put([...strokes.current.slice(0, -1), [...last, ...(points.length ? points : [pointOf(event)])]]);
  };
  const up = () => {
    isDown.current = false;
  };
  return html`<canvas ref=${canvas} width=${SIDE} height=${SIDE} role="img" aria-label="Paper to draw on"
    onPointerDown=${down} onPointerMove=${move} onPointerUp=${up} onPointerCancel=${up}></canvas>`;
}

export function Picture({ file, alt = "The picture that you gave" }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return address && html`<img src=${address} alt=${alt} />`;
}
