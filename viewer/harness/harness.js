// Stands for the page around the viewer: lists pins, flies to them, answers a new one.
const section = document.querySelector("[data-viewer]");
const said = document.querySelector("#said");
const list = document.querySelector("#pins");
const pins = await (await fetch("/pins.json")).json();

function show() {
  list.replaceChildren(
    ...pins.map((pin) => {
      const button = document.createElement("button");
      button.textContent = `Pin ${pin.label}`;
      button.addEventListener("click", () => section.dispatchEvent(new CustomEvent("confrere:fly", { detail: pin })));
      const item = document.createElement("li");
      item.append(button);
      return item;
    }),
  );
  section.dispatchEvent(new CustomEvent("confrere:pins", { detail: pins }));
}

section.addEventListener("confrere:pin", (event) => {
  said.textContent = JSON.stringify(event.detail);
  said.style.overflowWrap = "anywhere";
  section.dataset.lastPin = said.textContent;
});
section.addEventListener("confrere:slice", (event) => {
  section.dataset.lastSlice = JSON.stringify(event.detail);
});
document.body.addEventListener("confrere:comment", () => {
  document.body.dataset.comments = String(Number(document.body.dataset.comments ?? 0) + 1);
});
section.addEventListener("confrere:ready", show);
