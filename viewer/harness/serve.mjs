// Serves the built islands with synthetic frames, a small tus door and a few live events. For looking, never for users.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { picture, slice } from "./phantom.mjs";
import { pins, stack } from "./study.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const built = join(here, "../../src/confrere/server/static/confrere");
const port = Number(process.env.PORT ?? 8123);
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
};
const policy =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; base-uri 'none'";
const stored = new Map();
const uploads = new Map();
const seen = { intakes: 0, completed: [], metadata: [], patches: 0, cut: 0 };

function pixelsOf(series, instance) {
  const key = instance.sop;
  if (!stored.has(key)) stored.set(key, slice(series, instance));
  return stored.get(key);
}

function frame(url, reply) {
  // dicom-web / studies / S / series / S / instances / I / frames / F
  const { 4: seriesUid, 6: sop } = url.pathname.split("/").slice(1);
  const series = stack.series.find((one) => one.series === seriesUid);
  const instance = series?.instances.find((one) => one.sop === sop);
  if (instance === undefined) return reply(404, "", "");
  const values = pixelsOf(series, instance);
  if (!url.pathname.endsWith("/rendered")) return reply(200, "application/octet-stream", Buffer.from(values.buffer));
  const [c, w] = (url.searchParams.get("window") ?? "500,1000").split(",").map(Number);
  const side = url.searchParams.get("viewport")?.split(",").map(Number)[0] ?? null;
  return reply(200, "image/png", picture(series, values, [c, w], side));
}

function tus(request, url, body, response) {
  const base = { "Tus-Resumable": "1.0.0", "Cache-Control": "no-store" };
  const answer = (status, headers) => response.writeHead(status, { ...base, ...headers }).end();
  if (request.method === "POST") {
    const id = String(uploads.size + 1);
    uploads.set(id, { size: Number(request.headers["upload-length"]), offset: 0 });
    seen.metadata.push(request.headers["upload-metadata"]);
    return answer(201, { Location: `/uploads/${id}` });
  }
  const upload = uploads.get(url.pathname.split("/").at(-1));
  if (upload === undefined) return answer(404, {});
  if (request.method === "PATCH") {
    seen.patches += 1;
    // Every fifth one breaks after half of it has been kept.
    if (seen.patches % 5 === 0) {
      upload.offset += Math.floor(body.length / 2);
      seen.cut += 1;
      return request.socket.destroy();
    }
    if (Number(request.headers["upload-offset"]) !== upload.offset) return answer(409, {});
    upload.offset += body.length;
    return answer(204, { "Upload-Offset": upload.offset });
  }
  return answer(200, { "Upload-Offset": upload.offset, "Upload-Length": upload.size });
}

function events(response) {
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  let id = 0;
  const timer = setInterval(() => response.write(`event: comment\nid: ${++id}\ndata: {"room":"demo"}\n\n`), 1000);
  response.on("close", () => clearInterval(timer));
}

function intakes(url, reply) {
  const parts = url.pathname.split("/").filter(Boolean);
  if (parts.at(-1) === "complete") seen.completed.push(parts.at(-2));
  else seen.intakes += 1;
  reply(200, "application/json", JSON.stringify({ id: `i${seen.intakes}`, upload_url: "/uploads/" }));
}

function route(request, url, body, response, reply) {
  const path = url.pathname;
  const documents = {
    "/stack.json": stack,
    "/pins.json": pins,
    "/seen.json": { ...seen, uploads: [...uploads.values()] },
  };
  if (path in documents) return reply(200, types[".json"], JSON.stringify(documents[path]));
  if (path.startsWith("/dicom-web/")) return frame(url, reply);
  if (path.startsWith("/uploads/")) return tus(request, url, body, response);
  if (path.startsWith("/intakes/")) return intakes(url, reply);
  if (path === "/events/") return events(response);
  const file = [join(here, path === "/" ? "index.html" : path), join(built, path)].find((one) => existsSync(one));
  if (file === undefined) return reply(404, "text/plain", "not found");
  return reply(200, types[extname(file)] ?? "application/octet-stream", readFileSync(file));
}

createServer((request, response) => {
  const url = new URL(request.url, `http://127.0.0.1:${port}`);
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const reply = (status, type, body) => {
      const cache = url.pathname.startsWith("/dicom-web/") ? "private, max-age=600" : "no-store";
      response
        .writeHead(status, { "Content-Type": type, "Content-Security-Policy": policy, "Cache-Control": cache })
        .end(body);
    };
    route(request, url, Buffer.concat(chunks), response, reply);
  });
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/`));
