// Keys: who may ask the service, for what, until when; and this tab's own.
import { heldKey, holdKey, read, request } from "./api.js";
import { day, moment } from "./format.js";
import { KeyForm } from "./key_form.js";
import { tell } from "./notices.js";
import { Empty, Shown, useLoaded } from "./states.js";
import { html, useState } from "./ui.js";

export function Keys() {
  const loaded = useLoaded(() => read("keys"), []);
  const isHeld = Boolean(heldKey());
  const refused = loaded.error?.status === 403;
  return html`<div class="title"><h1>Keys</h1>${isHeld && html`<button type="button" onClick=${signOut}>Sign out</button>`}</div>
    ${!isHeld && html`<p class="help">This tab holds no key, and the service asks for none.</p>`}
    ${
      refused
        ? html`<${Empty} title="Your key cannot manage keys">
            <p>That takes the scope <code>admin</code>. Sign out and in again with such a key: the first start of the service left one in <code>admin.key</code> in its data directory.</p><//>`
        : html`<${Shown} loaded=${loaded} what="Loading keys">
            ${({ data }) => html`<${KeyForm} changed=${loaded.reload} />
              ${data.length > 0 && html`<section><h2>All keys</h2><${Table} keys=${data} changed=${loaded.reload} /></section>`}`}
          <//>`
    }`;
}

function signOut() {
  holdKey(null);
  location.reload();
}

const idOfOwn = () => heldKey()?.split("_")[1];

function standing({ revoked_at: revoked, expires_at: end }) {
  if (revoked) return ["cancelled", `revoked ${day(revoked)}`];
  if (end && new Date(end) <= new Date()) return ["cancelled", `ended ${day(end)}`];
  return ["succeeded", end ? `until ${day(end)}` : "no end"];
}

const Table = ({ keys, changed }) =>
  html`<table class="rows" role="table">
    <caption class="unseen">Keys</caption>
    <thead role="rowgroup"><tr role="row">
      <th role="columnheader" scope="col">Key</th><th role="columnheader" scope="col">Good for</th>
      <th role="columnheader" scope="col">Status</th><th role="columnheader" scope="col">Last used</th>
      <th role="columnheader" scope="col"><span class="unseen">Actions</span></th>
    </tr></thead>
    <tbody role="rowgroup">${keys.map((key) => html`<${Row} key=${key.id} row=${key} changed=${changed} />`)}</tbody>
  </table>`;

function Row({ row, changed }) {
  const [kind, said] = standing(row);
  const isOwn = row.id === idOfOwn();
  return html`<tr role="row">
    <th role="rowheader" scope="row">${row.name}${isOwn && html` <span class="badge">yours</span>`}<small><code>${row.id}</code>, since ${day(row.created_at)}</small></th>
    <td role="cell" data-label="Good for"><span class="badges">${row.scopes.map((scope) => html`<span class="badge" key=${scope}>${scope}</span>`)}</span></td>
    <td role="cell" data-label="Status"><span class="status ${kind}">${said}</span></td>
    <td role="cell" data-label="Last used">${row.last_used_at ? moment(row.last_used_at) : "never"}</td>
    <td role="cell" class="last"><div class="actions">${kind === "succeeded" && html`<${Revoke} row=${row} changed=${changed} />`}</div></td>
  </tr>`;
}

/** Asked twice: a key that was revoked stays so. */
function Revoke({ row, changed }) {
  const [isAsked, setAsked] = useState(false);
  const press = async () => {
    if (!isAsked) return setAsked(true);
    try {
      await request(`keys/${row.id}`, { method: "DELETE" });
      tell(`The key of ${row.name} is revoked.`);
    } catch (error) {
      tell(error.message);
    }
    setAsked(false);
    return changed();
  };
  return html`<button type="button" class=${isAsked ? "small danger" : "small"} aria-label="${isAsked ? "Really revoke" : "Revoke"} ${row.name}"
    onClick=${press} onBlur=${() => setAsked(false)}>${isAsked ? "Really?" : "Revoke"}</button>`;
}
