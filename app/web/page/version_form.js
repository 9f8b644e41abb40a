// Make a checkpoint a version of a model, new or old.
import { read, send } from "./api.js";
import { Line } from "./line.js";
import { NAME_HELP } from "./models.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { useLoaded } from "./states.js";
import { html, useEffect, useRef, useState } from "./ui.js";

/** @param {{checkpoint: any, done: () => void}} props */
export function VersionForm({ checkpoint, done }) {
  const { data } = useLoaded(() => read("models"), []);
  const [name, setName] = useState("");
  const [message, setMessage] = useState("");
  const place = useRef(null);
  useEffect(() => place.current.querySelector("input").focus(), [checkpoint.id]);
  const known = (data?.data || []).map((model) => model.name);
  const submit = async (event) => {
    event.preventDefault();
    try {
      if (!known.includes(name)) await send("models", { name, description: null });
      const version = await (await send(`models/${name}/versions`, { checkpoint_id: checkpoint.id })).json();
      tell(`Epoch ${checkpoint.epoch} is version ${version.number} of ${name}.`, { label: "Show", act: () => go(`/models/${name}`) });
      done();
    } catch (error) {
      setMessage(error.message);
    }
  };
  return html`<form class="card version" ref=${place} onSubmit=${submit} aria-label="Make a version">
    <h3>Make epoch ${checkpoint.epoch} a version of</h3>
    <${Line} id="version-model" label="Model" value=${name} change=${setName} list="known-models" required maxlength="64" error=${message}
      help=${known.length ? `${known.join(", ")}, or a new name.` : NAME_HELP} />
    <datalist id="known-models">${known.map((one) => html`<option key=${one} value=${one} />`)}</datalist>
    <div class="actions"><button class="primary">Make it</button><button type="button" onClick=${done}>Cancel</button></div>
  </form>`;
}
