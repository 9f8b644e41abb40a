// A line that says what was done, read aloud, with a way back where there is one.
import { html, useEffect, useState } from "./ui.js";

const SHOWN_FOR = 8000;

/** @param {string} text @param {{label: string, act: () => void}} [back] */
export function tell(text, back) {
  window.dispatchEvent(new CustomEvent("notice", { detail: { text, back } }));
}

export function Notices() {
  const [notice, setNotice] = useState(null);
  useEffect(() => {
    let timer = 0;
    const show = (event) => {
      setNotice(event.detail);
      clearTimeout(timer);
      timer = setTimeout(() => setNotice(null), SHOWN_FOR);
    };
    window.addEventListener("notice", show);
    return () => {
      window.removeEventListener("notice", show);
      clearTimeout(timer);
    };
  }, []);
  const goBack = () => {
    setNotice(null);
    notice.back.act();
  };
  return html`<div class="notices" role="status">
    ${
      notice &&
      html`<p class="notice">
        ${notice.text}
        ${notice.back && html`<button type="button" class="plain" onClick=${goBack}>${notice.back.label}</button>`}
      </p>`
    }
  </div>`;
}
