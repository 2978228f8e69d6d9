// Builds each island as one self-contained ES module under a fixed name, beside the vendored files and their licences.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = process.argv[2] ?? join(root, "../src/confrere/server/static/confrere");
const vendor = join(out, "vendor");
const packages = new Set(["htmx.org"]);

function packageOf(id) {
  const path = id.split(`node_modules${sep}`).at(-1).split(sep);
  return path[0].startsWith("@") ? path.slice(0, 2).join("/") : path[0];
}

async function island(name) {
  const result = await build({
    root,
    configFile: false,
    logLevel: "warn",
    publicDir: false,
    build: {
      outDir: out,
      emptyOutDir: false,
      target: "es2022",
      minify: true,
      sourcemap: false,
      modulePreload: false,
      rolldownOptions: {
        input: join(root, `src/${name}.ts`),
        output: { format: "es", entryFileNames: `${name}.js`, codeSplitting: false },
      },
    },
  });
  for (const chunk of [result].flat().flatMap((one) => one.output)) {
    if (chunk.type !== "chunk" || chunk.fileName !== `${name}.js`) throw new Error(`${name}: one file was agreed`);
    for (const id of chunk.moduleIds) if (id.includes(`node_modules${sep}`)) packages.add(packageOf(id));
  }
}

for (const name of ["viewer", "upload", "live", "desk"]) await island(name);

await mkdir(vendor, { recursive: true });
const licence = await readFile(join(root, "node_modules/htmx.org/LICENSE"), "utf8");
if (!licence.startsWith("Zero-Clause BSD")) throw new Error("htmx has changed its licence: look before shipping it");
const htmx = await readFile(join(root, "node_modules/htmx.org/dist/htmx.min.js"), "utf8");
const { version } = JSON.parse(await readFile(join(root, "node_modules/htmx.org/package.json"), "utf8"));
const bare = htmx.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "");
await writeFile(join(vendor, "htmx.min.js"), `/*! htmx ${version}, Zero-Clause BSD (0BSD) */\n${bare}\n`);

let notices = "Code by others inside viewer.js, upload.js, live.js, desk.js and vendor/, with its licences.\n";
for (const name of [...packages].sort()) {
  const folder = dirname(join(root, "node_modules", name, "package.json"));
  const about = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
  let text = "";
  for (const file of ["LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"]) {
    text ||= await readFile(join(folder, file), "utf8").catch(() => "");
  }
  if (text === "") throw new Error(`${name} ships no licence text`);
  notices += `\n----\n${about.name} ${about.version} (${about.license})\n\n${text.trim()}\n`;
}
await writeFile(join(vendor, "LICENCES.txt"), notices);
