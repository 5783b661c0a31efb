// May a part that refreshes by itself be replaced now? Not while somebody is at it: the next round will do.
"use strict";

document.addEventListener("htmx:beforeSwap", (event) => {
  const part = event.detail.target;
  if (part.matches("[data-quiet]") && part.contains(document.activeElement)) event.detail.shouldSwap = false;
});
