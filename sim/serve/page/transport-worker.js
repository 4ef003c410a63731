// Carries questions to Python in a web worker of this page: nothing is fetched, everything is in the file.
import { Refused } from "./refused.js";

export const WHERE = "Everything stays in this browser: the page asks no other place for anything.";
export const SAVED_WHERE = "Saved comparisons are kept by this browser. Export those that you want to keep for good.";
export const CAN_EXPORT_LIBRARY = true;

const FILE_KINDS = { report: "text/html", page: "text/html", xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document" };
const waitingFor = new Map();
let worker = null;
let asked = 0;

// The bytes of a part of the file. Its text is let go of, unless it is asked for again.
function partBytes(id, keep) {
  const element = document.getElementById("part-" + id);
  const text = element.textContent;
  if (!keep) { element.textContent = ""; }
  if (Uint8Array.fromBase64) { return Uint8Array.fromBase64(text); }
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) { bytes[place] = letters.charCodeAt(place); }
  return bytes;
}

function send(what, given, tell, handedOver) {
  asked += 1;
  const id = asked;
  return new Promise((resolve, reject) => {
    waitingFor.set(id, { resolve, reject, tell });
    worker.postMessage({ id, what, ...given }, handedOver || []);
  });
}

function heard(event) {
  const { id, told, answer, refused, stopped, step } = event.data;
  if (step) { const line = document.getElementById("loading"); if (line) { line.textContent = step; } return; }
  const held = waitingFor.get(id);
  if (!held) { return; }
  if (told) { held.tell(told); return; }
  waitingFor.delete(id);
  if (refused) { held.reject(new Refused(refused.error, refused.problems)); return; }
  if (stopped) { held.reject(new DOMException("stopped", "AbortError")); return; }
  held.resolve(answer);
}

export async function begin() {
  const script = new Blob([document.getElementById("worker").textContent], { type: "text/javascript" });
  worker = new Worker(URL.createObjectURL(script)); // a module could not be started from a file
  worker.addEventListener("message", heard);
  worker.addEventListener("error", (event) => {
    for (const held of waitingFor.values()) { held.reject(new Refused("Python could not be started in this browser (" + (event.message || "no reason given") + ").")); }
    waitingFor.clear();
  });
  const parts = {};
  for (const element of document.querySelectorAll("script[data-part]")) { parts[element.dataset.part] = partBytes(element.dataset.part, element.dataset.part === "plotly.min.js"); }
  await send("begin", { parts }, null, Object.values(parts).map((bytes) => bytes.buffer));
}

export async function ask(question, given) { return JSON.parse(await send("ask", { question, given: JSON.stringify(given) })); }

export async function run(comparison, tell, signal) {
  const ended = send("run", { given: JSON.stringify(comparison) }, (text) => tell(JSON.parse(text)));
  const stop = () => worker.postMessage({ what: "stop" });
  signal.addEventListener("abort", stop);
  try { await ended; } finally { signal.removeEventListener("abort", stop); }
}

export async function exported(kind, comparison) {
  const bytes = await send("export", { kind, given: JSON.stringify(comparison) });
  return new Blob([bytes], { type: FILE_KINDS[kind] });
}

let drawing = null;
export function chartScript() {
  drawing = drawing || (async () => {
    const packed = new Blob([partBytes("plotly.min.js", true)]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(packed).text();
    document.head.append(script);
    return window.Plotly;
  })();
  return drawing;
}

// ---------------------------------------------------------------------------------------- the library of the browser

let base = null;
let unkept = null;

function opened() {
  base = base || new Promise((resolve) => {
    try {
      const request = indexedDB.open("frontdoor", 1);
      request.onupgradeneeded = () => request.result.createObjectStore("comparisons", { keyPath: "id" });
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => resolve(null);
    } catch (error) { resolve(null); }
  });
  return base;
}

async function inStore(mode, act) {
  const store = await opened();
  if (!store) { unkept = unkept || new Map(); return null; }
  return new Promise((resolve, reject) => {
    const request = act(store.transaction("comparisons", mode).objectStore("comparisons"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Refused("The browser could not keep or read the comparison."));
  });
}

async function entries() {
  const kept = (await inStore("readonly", (store) => store.getAll())) || [...unkept.values()];
  return kept.map(({ id, name, description, date }) => ({ id, name, description, date })).sort((a, b) => (a.date < b.date ? 1 : -1));
}

export async function library(action, given) {
  if (action === "save") {
    const name = String(given.name || "").trim().slice(0, 80);
    if (!name) { throw new Refused("Give the comparison a name."); }
    if (!given.comparison || !given.comparison.start || !Array.isArray(given.comparison.options)) { throw new Refused("This is not a comparison."); }
    const entry = { id: crypto.getRandomValues(new Uint32Array(2)).join(""), format: 1, name, description: String(given.description || "").slice(0, 2000),
      date: new Date().toISOString(), comparison: given.comparison, picture: given.picture || null };
    await inStore("readwrite", (store) => store.put(entry));
    if (unkept) { unkept.set(entry.id, entry); }
    return entry;
  }
  if (action === "get") {
    const entry = (await inStore("readonly", (store) => store.get(given.id))) || (unkept && unkept.get(given.id));
    if (!entry) { throw new Refused("This comparison is not in the library any more."); }
    return entry;
  }
  if (action === "delete") {
    await inStore("readwrite", (store) => store.delete(given.id));
    if (unkept) { unkept.delete(given.id); }
  }
  return entries();
}
