// Prints the compressed size of every built file: the shell has a budget (kB = 1000 bytes).
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

const out = new URL("../../src/confrere/server/static/confrere/", import.meta.url);
for (const file of readdirSync(out, { recursive: true, encoding: "utf8" }).sort()) {
  if (!/\.(js|css)$/.test(file)) continue;
  const bytes = readFileSync(new URL(file, out));
  const kb = (size) => `${(size / 1000).toFixed(1)} kB`.padStart(9);
  console.log(
    file.padEnd(20),
    kb(bytes.length),
    "gzip",
    kb(gzipSync(bytes).length),
    "br",
    kb(brotliCompressSync(bytes).length),
  );
}
