// Rewrites package-lock.json for every platform and without any address: npm keeps download and sponsors' links in it.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("../package-lock.json", import.meta.url));
rmSync(file, { force: true });
// What is installed knows no hashes; npm would copy it instead of asking the registry.
rmSync(fileURLToPath(new URL("../node_modules", import.meta.url)), { recursive: true, force: true });
spawnSync("npm", ["install", "--package-lock-only"], {
  stdio: "inherit",
  cwd: fileURLToPath(new URL("..", import.meta.url)),
});
const lock = JSON.parse(readFileSync(file, "utf8"));
for (const entry of Object.values(lock.packages)) {
  delete entry.funding;
  delete entry.resolved;
}
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
