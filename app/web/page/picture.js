// Pictures of the service: fetched, since an image's own request could not carry the key.
import { request } from "./api.js";
import { useEffect, useState } from "./ui.js";

/** @returns {string} an address for an image; the last one stays while the next loads */
export function usePicture(path) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    let isWanted = true;
    const load = async () => {
      const blob = await (await request(path)).blob();
      if (isWanted) setAddress(URL.createObjectURL(blob));
    };
    load().catch(() => isWanted && setAddress(""));
    return () => {
      isWanted = false;
    };
  }, [path]);
  useEffect(() => () => URL.revokeObjectURL(address), [address]);
  return address;
}
