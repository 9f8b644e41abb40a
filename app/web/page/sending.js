// A large form on its way: how much of it has been sent, and a way to stop it.
import { addressOf, authorization, refused, unreached } from "./api.js";

/**
 * Not by fetch, which does not tell how much of a body was sent.
 *
 * @param {string} path
 * @param {FormData} form
 * @param {(share: number) => void} tell
 * @returns {{answer: Promise<any>, stop: () => void}} `answer` is null if it was stopped
 */
export function sendForm(path, form, tell) {
  const sending = new XMLHttpRequest();
  const answer = new Promise((resolve, reject) => {
    sending.upload.onprogress = ({ loaded, total }) => tell(loaded / total);
    sending.onload = () => {
      const body = bodyOf(sending);
      if (sending.status < 400) resolve(body);
      else reject(refused(sending.status, body));
    };
    sending.onerror = () => reject(unreached());
    sending.onabort = () => resolve(null);
  });
  sending.open("POST", addressOf(path));
  for (const [name, value] of Object.entries(authorization())) sending.setRequestHeader(name, value);
  sending.send(form);
  return { answer, stop: () => sending.abort() };
}

/** A proxy on the way may refuse it with a page of its own. */
function bodyOf(sending) {
  try {
    return JSON.parse(sending.responseText);
  } catch {
    return {};
  }
}
