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
    <p id="key-help" class=${message ? "wrong" : "help"} role=${message ? "alert" : null}>
      ${message || html`The first start of the service shows one and keeps it in <code>admin.key</code> in its data directory; <code>modelmill keys create</code> makes more.`}
    </p>
    <button class="primary">Sign in</button>
  </form>`;
}
