// The view is in the address after #, with its settings, so that it can be shared.
import { useEffect, useState } from "./ui.js";

export function placeOf(hash) {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split("?");
  return { parts: path.split("/"), query: new URLSearchParams(query) };
}

export function usePlace() {
  const [place, setPlace] = useState(placeOf(location.hash));
  useEffect(() => {
    const follow = () => setPlace(placeOf(location.hash));
    window.addEventListener("hashchange", follow);
    return () => window.removeEventListener("hashchange", follow);
  }, []);
  return place;
}

export const go = (address) => {
  location.hash = address;
};

/** Change settings of the view in place: going back does not step through them. */
export function adjust(path, query, changes) {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value) next.set(name, value);
    else next.delete(name);
  }
  const settings = next.toString();
  history.replaceState(null, "", `#/${path}${settings ? `?${settings}` : ""}`);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}
