/** What the pages do beyond htmx: the thread and the viewer speak to each other, notices appear, times are local.
 *
 * Listens to the viewer's confrere:pin, confrere:pin-open, confrere:slice and to live.js's confrere:<kind>; tells the
 * viewer confrere:fly, confrere:pins, confrere:pin-cancel, and htmx thread-changed and case-seen.
 */

const $ = (selector, root = document) => root.querySelector(selector);
const tell = (target, name, detail = {}) => target?.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

const page = $("[data-case]");
const caseId = page?.dataset.case ?? null;
const viewer = $("[data-viewer]");
const form = $("#write");
let slice = null;

// -- the comment form: hidden fields and what is said of them

const field = (name) => form.elements.namedItem(name);

function note(kind, values) {
  const line = $(`[data-note=${kind}]`, form);
  if (!line) return;
  line.hidden = values === null;
  if (values === null) return;
  const words = values.n === null ? line.dataset.wordsBare : line.dataset.words;
  $("span", line).textContent = words.replace(/\{(\w+)\}/, (_, key) => values[key]);
}

function clearPin() {
  for (const name of ["sop", "frame", "x", "y", "center", "width"]) field(`pin_${name}`).value = "";
  note("pin", null);
}

function takePin(pin) {
  const [center, width] = pin.window ?? ["", ""];
  const values = { sop: pin.sop, frame: pin.frame, x: pin.x, y: pin.y, center, width };
  for (const [name, value] of Object.entries(values)) field(`pin_${name}`).value = value;
  note("pin", { n: slice?.sop === pin.sop && slice.frame === pin.frame ? slice.index + 1 : null });
  $("textarea", form).focus();
}

function answer(button) {
  field("parent").value = button.dataset.reply;
  note("reply", { name: button.dataset.name });
  $("textarea", form).focus();
}

/** After the server has sent the form back with an error, its hidden fields still hold: say so again. */
function sayAgain() {
  if (field("pin_sop").value) note("pin", { n: null });
  if (field("parent").value) note("reply", { name: $(`[data-reply="${CSS.escape(field("parent").value)}"]`)?.dataset.name ?? "" });
}

// -- thread and viewer

function showThread() {
  const pins = $("[data-thread-pins]")?.dataset.threadPins;
  if (pins) tell(viewer, "confrere:pins", JSON.parse(pins));
  markSlice();
}

let hasWritten = false;

/** The form is back: empty when the comment was taken, as it was when it was not. */
function swappedForm() {
  hasWritten = field("text").value === "";
  sayAgain();
}

function swappedThread() {
  showThread();
  if (hasWritten) $(".thread > .comment:last-child")?.scrollIntoView({ block: "nearest" });
  hasWritten = false;
  if (document.visibilityState === "visible") tell(document.body, "case-seen");
}

/** Comments pinned on the slice in view are marked, so that the thread follows the images. */
function markSlice() {
  for (const button of document.querySelectorAll("[data-fly]")) {
    const pin = JSON.parse(button.dataset.fly);
    button.closest(".comment").classList.toggle("is-here", slice?.sop === pin.sop && slice.frame === pin.frame);
  }
}

function openPin(id) {
  const comment = document.getElementById(`comment-${id}`);
  if (!comment) return;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  comment.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  comment.classList.add("is-told");
  setTimeout(() => comment.classList.remove("is-told"), 1600);
}

if (form && viewer) {
  viewer.addEventListener("confrere:pin", (event) => takePin(event.detail));
  viewer.addEventListener("confrere:pin-open", (event) => openPin(event.detail.id));
  viewer.addEventListener("confrere:slice", (event) => {
    slice = event.detail;
    markSlice();
  });
  sayAgain();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-fly], [data-reply], [data-clear], [data-select]");
  if (!button) return;
  if (button.dataset.fly) tell(viewer, "confrere:fly", JSON.parse(button.dataset.fly));
  else if (button.dataset.reply) answer(button);
  else if (button.dataset.clear === "reply") {
    field("parent").value = "";
    note("reply", null);
  } else if (button.dataset.clear === "pin") {
    clearPin();
    tell(viewer, "confrere:pin-cancel");
  } else button.select?.();
});

// Enter writes a new line; Ctrl or Cmd with Enter sends.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  if (event.target.matches?.("[data-submit-keys]")) event.target.form?.requestSubmit();
});

// -- what happens while the page is open

function toast(kind) {
  const words = $(`template[data-toast=${kind}]`);
  const tray = $("[data-toasts]");
  if (!words || tray.querySelector(`[data-kind=${kind}]`)) return;
  const line = words.content.firstElementChild.cloneNode(true);
  line.dataset.kind = kind;
  tray.append(line);
  leaveLater(line);
}

const leaveLater = (line) => setTimeout(() => line.remove(), 8000);

function heard(kind, detail) {
  const mine = caseId !== null && detail?.subject === caseId;
  if (kind === "comment" && mine) tell(document.body, "thread-changed");
  if (kind === "withdrawn" && mine) location.reload();
  if (kind === "draft" && !$("[hx-get='/drafts/tray']")) toast("draft");
  if (kind === "case" && !mine && !$("[data-live-feed]")) toast("case");
}

for (const kind of ["comment", "withdrawn", "draft", "case"]) {
  document.body.addEventListener(`confrere:${kind}`, (event) => heard(kind, event.detail));
}

document.addEventListener("htmx:after:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (target?.id === "write") swappedForm();
  if (target?.id === "thread") swappedThread();
  localTimes();
});
document.addEventListener("htmx:error", () => toast("failed"));

// -- a post that waits for a head is sent again, as the form stands then, once nothing is due any more

const waiting = $("[data-post-when-ready]");

async function postWhenReady() {
  const told = { headers: { accept: "application/json" } };
  const answer = await fetch(waiting.dataset.postWhenReady, told).catch(() => null);
  if (answer?.ok && (await answer.json()).ready) $("#post").requestSubmit();
  else setTimeout(postWhenReady, 1500);
}

if (waiting) setTimeout(postWhenReady, 1000);

// -- times: "3 h" says enough; the exact local time is in the tooltip

function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]:not([title])")) {
    time.title = new Date(time.dateTime).toLocaleString(document.documentElement.lang);
  }
}

for (const line of document.querySelectorAll("[data-toasts] > *")) leaveLater(line);
localTimes();
