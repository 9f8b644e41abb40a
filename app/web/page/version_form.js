// Use a checkpoint for predictions: as a version of a model, named by an alias.
import { read, send } from "./api.js";
import { Line } from "./line.js";
import { NAME_HELP } from "./models.js";
import { tell } from "./notices.js";
import { go } from "./router.js";
import { useLoaded } from "./states.js";
import { html, useEffect, useRef, useState } from "./ui.js";

/** Make it a version and let the alias name it, unless somebody moved that meanwhile. */
async function use({ id, epoch }, name, alias, models) {
  const model = models.find((one) => one.name === name);
  if (!model) await send("models", { name, description: null });
  const { number } = await (await send(`models/${name}/versions`, { checkpoint_id: id })).json();
  const made = `Epoch ${epoch} is version ${number} of ${name}`;
  if (!alias) return `${made}.`;
  const from = model?.aliases.find((one) => one.alias === alias)?.version || 0;
  try {
    await send(`models/${name}/aliases/${alias}`, { version: number, if_version: from }, "PUT");
    return `${made} and answers as ${name}@${alias}.`;
  } catch (error) {
    return `${made}, but ${alias} stays where it was: ${error.message}`;
  }
}

/** @param {{checkpoint: any, done: () => void}} props */
export function VersionForm({ checkpoint, done }) {
  const { data } = useLoaded(() => read("models"), []);
  const [name, setName] = useState("");
  const [alias, setAlias] = useState("champion");
  const [message, setMessage] = useState("");
  const place = useRef(null);
  useEffect(() => place.current.querySelector("input").focus(), [checkpoint.id]);
  const models = data?.data || [];
  const submit = async (event) => {
    event.preventDefault();
    try {
      tell(await use(checkpoint, name, alias, models), { label: "Show", act: () => go(`/models/${name}`) });
      done();
    } catch (error) {
      setMessage(error.message);
    }
  };
  const known = models.map((model) => model.name);
  return html`<form class="card version" ref=${place} onSubmit=${submit} aria-label="Use for predictions">
    <h3>Use epoch ${checkpoint.epoch} for predictions</h3>
    <div class="fields">
      <${Line} id="version-model" label="As a version of the model" value=${name} change=${setName} list="known-models" required maxlength="64" error=${message}
        help=${known.length ? `${known.join(", ")}, or a new name.` : NAME_HELP} />
      <${Line} id="version-alias" label="Named by the alias" value=${alias} change=${setAlias} pattern="[a-z][a-z0-9_\\-]*" maxlength="64"
        help=${alias ? `Whoever asks for ${name || "…"}@${alias} is answered by it from now on.` : "Empty: it only becomes a version."} />
    </div>
    <datalist id="known-models">${known.map((one) => html`<option key=${one} value=${one} />`)}</datalist>
    <div class="actions"><button class="primary">Use it</button><button type="button" onClick=${done}>Cancel</button></div>
  </form>`;
}
