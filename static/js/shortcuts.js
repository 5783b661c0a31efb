// Which keys lead where? "/" to the search, "g" and a letter to a page, "?" to the list of them.
// Single keys can be switched off there (WCAG 2.1.4); the choice stays in this browser.
const OFF = "medspa-single-keys-off";
const PATIENCE = 1200; // milliseconds between "g" and its letter
const list = document.querySelector("#shortcuts");
const search = document.querySelector(".find input");
let since = -Infinity; // when "g" was pressed

const areOff = () => {
  try {
    return localStorage.getItem(OFF) === "yes";
  } catch {
    return false; // a browser that keeps nothing
  }
};

const remember = (isOff) => {
  try {
    if (isOff) localStorage.setItem(OFF, "yes");
    else localStorage.removeItem(OFF);
  } catch {
    // The choice then holds until the page is left.
  }
};

const isTyping = (target) =>
  target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

const openList = () => {
  if (list && !list.open) list.showModal();
};

const keyPressed = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTyping(event.target)) return;
  if (document.querySelector("dialog[open]") || areOff()) return;
  const isSecond = event.timeStamp - since < PATIENCE;
  since = -Infinity;
  if (isSecond) {
    const page = document.querySelector(`.menu a[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
    if (page) {
      event.preventDefault();
      page.click();
    }
  } else if (event.key === "/" && search) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "?") {
    event.preventDefault();
    openList();
  } else if (event.key === "g") {
    since = event.timeStamp;
  }
};

document.addEventListener("keydown", keyPressed);

const shown = () => {
  const hint = document.querySelector(".find kbd");
  if (hint) hint.hidden = areOff();
};
shown();

const box = document.querySelector("#single-keys");
if (box) {
  box.checked = !areOff();
  box.addEventListener("change", () => {
    remember(!box.checked);
    shown();
  });
}
for (const button of document.querySelectorAll("[data-opens-shortcuts]")) {
  button.classList.remove("needs-script");
  button.addEventListener("click", openList);
}
