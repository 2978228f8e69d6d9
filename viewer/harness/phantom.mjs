// A head that never lived: ellipsoids in millimetres, sampled on any plane, as stored CT or MR values.
import { crc32, deflateSync } from "node:zlib";

const SHAPES = [
  { at: [0, 0, 0], size: [78, 98, 85], ct: 40, mr: 420 },
  { at: [0, 0, 0], size: [74, 94, 81], ct: 1100, mr: 60 },
  { at: [0, 0, 0], size: [67, 87, 74], ct: 33, mr: 640 },
  { at: [-22, -4, 4], size: [9, 30, 16], ct: 6, mr: 180 },
  { at: [22, -4, 4], size: [9, 30, 16], ct: 6, mr: 180 },
  { at: [36, 30, 20], size: [13, 11, 12], ct: 68, mr: 980 },
  { at: [-30, -92, -34], size: [15, 15, 14], ct: 12, mr: 260 },
  { at: [30, -92, -34], size: [15, 15, 14], ct: 12, mr: 260 },
  { at: [0, -104, -30], size: [10, 16, 18], ct: 40, mr: 420 },
];

const air = { CT: -1000, MR: 8 };

function valueAt(p, modality) {
  let value = air[modality];
  for (const { at, size, ct, mr } of SHAPES) {
    const d = ((p[0] - at[0]) / size[0]) ** 2 + ((p[1] - at[1]) / size[1]) ** 2 + ((p[2] - at[2]) / size[2]) ** 2;
    if (d <= 1) value = modality === "CT" ? ct : mr;
  }
  // Noise by place, so that every run gives the same bytes.
  const grain = Math.abs(Math.sin(p[0] * 12.9 + p[1] * 78.2 + p[2] * 37.7) * 43758.5) % 1;
  return value + (grain - 0.5) * (modality === "CT" ? 14 : 40);
}

/** Stored 16-bit values of one slice. */
export function slice(series, instance) {
  const { rows, columns, spacing, orientation: o, modality, pixel } = series;
  const out = new Int16Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const p = instance.position.map((x, i) => x + o[i] * c * spacing[1] + o[i + 3] * r * spacing[0]);
      out[r * columns + c] = Math.round((valueAt(p, modality) - pixel.intercept) / pixel.slope);
    }
  }
  return out;
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length);
  frame.writeUInt32BE(crc32 ? crc32(body) : crcOf(body), 4);
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
}

function crcOf(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** The slice windowed and scaled into `side` pixels, as a grey PNG: no WebP encoder is needed for a look. */
export function picture(series, stored, [center, width], side) {
  const scale = side === null ? 1 : side / Math.max(series.rows, series.columns);
  const [w, h] = [Math.round(series.columns * scale), Math.round(series.rows * scale)];
  const raw = Buffer.alloc((w + 1) * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      const at = Math.floor(y / scale) * series.columns + Math.floor(x / scale);
      const value = stored[at] * series.pixel.slope + series.pixel.intercept;
      const share = (value - (center - 0.5)) / (width - 1) + 0.5;
      raw[y * (w + 1) + 1 + x] = Math.round(Math.min(1, Math.max(0, share)) * 255);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(w);
  header.writeUInt32BE(h, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([
    signature,
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(raw, { level: 1 })),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
