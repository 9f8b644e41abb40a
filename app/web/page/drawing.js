// A drawing: strokes of a pen, or a picture in their place, perhaps one of several.

export const SIDE = 280;
const PEN = 22;

/** @typedef {{strokes: [number, number][][], picture: Blob | null, batch: File[]}} Drawing */

/** @type {Drawing} */
export const BLANK = { strokes: [], picture: null, batch: [] };

/** @returns {Drawing} */
export const drawn = (strokes) => ({ ...BLANK, strokes });

export const isBlank = ({ strokes, picture }) => !picture && strokes.length === 0;

/** @param {CanvasRenderingContext2D} pen */
export function paint(pen, strokes) {
  pen.fillStyle = "white";
  pen.fillRect(0, 0, SIDE, SIDE);
  pen.strokeStyle = "black";
  pen.lineWidth = PEN;
  pen.lineCap = pen.lineJoin = "round";
  for (const stroke of strokes) {
    pen.beginPath();
    pen.moveTo(...stroke[0]);
    for (const point of stroke.length > 1 ? stroke.slice(1) : stroke) pen.lineTo(...point);
    pen.stroke();
  }
}

/**
 * Not toBlob(), which waits for an idle moment: up to a second in Chromium.
 *
 * @param {Drawing} drawing @returns {Blob} a PNG file, or the picture as it is
 */
export function fileOf({ strokes, picture }) {
  if (picture) return picture;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  paint(canvas.getContext("2d"), strokes);
  const base64 = canvas.toDataURL("image/png").split(",")[1];
  return new Blob([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], { type: "image/png" });
}

const arc = (x, y, rx, ry, from, to) =>
  Array.from({ length: 25 }, (_, step) => {
    const angle = ((from + ((to - from) * step) / 24) * Math.PI) / 180;
    return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
  });

/** The ten digits as somebody would draw them, for who cannot or will not. */
export const DIGITS = [
  [arc(140, 140, 56, 84, -90, 270)],
  [[[112, 86], [146, 54], [146, 226]]],
  [[...arc(138, 104, 52, 50, -170, 35), [88, 224], [200, 224]]],
  [[...arc(132, 98, 50, 42, -150, 90), ...arc(132, 182, 56, 44, -90, 150)]],
  [[[158, 52], [84, 172], [206, 172]], [[168, 118], [168, 230]]],
  [[[192, 58], [108, 58], [100, 128], ...arc(136, 172, 56, 52, -120, 150)]],
  [[[172, 52], ...arc(138, 170, 52, 56, 200, -160)]],
  [[[84, 62], [196, 62], [124, 228]]],
  [[...arc(140, 98, 42, 42, 90, -270), ...arc(140, 186, 52, 46, -90, 270)]],
  [[...arc(136, 104, 48, 48, 0, -360), [184, 104], [168, 228]]],
];
