// What does a page do that it need not? "/" goes to the search field; a hidden page asks for nothing;
// an email's frame is as high as the email.
"use strict";

const find = document.querySelector(".find input");
if (find) {
  find.parentElement.querySelector("kbd").hidden = false;
  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    find.focus();
    find.select();
  });
}

document.addEventListener("htmx:beforeRequest", (event) => {
  if (document.hidden) event.preventDefault();
});

// A message that has left replaces the words about none.
document.addEventListener("htmx:afterSwap", () => {
  if (document.querySelector("#letters > li")) document.querySelector("#empty")?.remove();
});

const fit = (frame) => {
  const page = frame.contentDocument;
  if (page && page.body && page.URL !== "about:blank") {
    frame.style.height = `${Math.ceil(page.documentElement.getBoundingClientRect().height) + 1}px`;
  }
};
document.addEventListener("load", (event) => {
  if (event.target.matches?.("iframe[data-fits]")) fit(event.target);
}, true);
for (const frame of document.querySelectorAll("iframe[data-fits]")) fit(frame);
