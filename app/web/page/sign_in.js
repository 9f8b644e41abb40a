// Ask for a key where the service wants one; only this tab remembers it.
import { holdKey, read } from "./api.js";
import { html, useState } from "./ui.js";

export function SignIn({ done }) {
  const [key, setKey] = useState("");
  const [message, setMessage] = useState("");
  const enter = async (event) => {
    event.preventDefault();
    holdKey(key.trim());
    try {
      await read("jobs?limit=1");
      done();
    } catch (error) {
      holdKey(null);
      setMessage(error.status === 401 ? "The service does not know this key." : error.message);
    }
  };
  return html`<form class="card narrow" onSubmit=${enter}>
    <h1>Sign in</h1>
    <p>This service wants a key. It is kept for this tab only and forgotten when you close it.</p>
    <label for="key">Key</label>
    <input id="key" type="password" autocomplete="off" required value=${key}
      aria-describedby="key-help" aria-invalid=${message ? "true" : null}
      onInput=${(event) => setKey(event.target.value)} />
    <p id="key-help" class="wrong" role=${message ? "alert" : null}>${message}</p>
    <button class="primary">Sign in</button>
    <details><summary>Where do I find one?</summary>
      <p class="help">The service's first start shows a key that is good for everything, once, and keeps it beside its database:</p>
      <pre tabindex="0">cat var/admin.key</pre>
      <p class="help">It may lie elsewhere: in the data directory that <code>MODELMILL_DATA_DIR</code> names. In a container:</p>
      <pre tabindex="0">docker compose exec api cat /data/admin.key</pre>
      <p class="help">Whoever has it makes keys for others, here under Keys or so:</p>
      <pre tabindex="0">modelmill keys create NAME --scope read</pre>
    </details>
  </form>`;
}
