// How long does a toast stay? Eight seconds, longer while it is looked at; one with Undo until it is closed.
const STAYS = 8000; // milliseconds

for (const toast of document.querySelectorAll(".toast")) {
  const close = toast.querySelector(".dismiss");
  close.classList.remove("needs-script");
  close.addEventListener("click", () => toast.remove());
  if (!toast.querySelector("form")) {
    let timer;
    const start = () => {
      timer = setTimeout(() => toast.remove(), STAYS);
    };
    const stop = () => clearTimeout(timer);
    for (const name of ["pointerenter", "focusin"]) toast.addEventListener(name, stop);
    for (const name of ["pointerleave", "focusout"]) toast.addEventListener(name, start);
    start();
  }
}
