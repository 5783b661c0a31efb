// Where does a question that has its own page open? Over this one: a link with data-dialog brings its form here.
const dialog = document.querySelector("#dialog");

const question = async (address) => {
  const answer = await fetch(address, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form.form");
  return answer.ok && form ? { address: answer.url, title: page.querySelector("h1")?.textContent ?? "", form } : null;
};

const show = ({ address, title, form }) => {
  const heading = document.createElement("h2");
  heading.id = "dialog-title";
  heading.textContent = title;
  const brought = document.importNode(form, true);
  if (!brought.getAttribute("action")) brought.action = address;
  dialog.replaceChildren(heading, brought);
  window.htmx?.process(dialog);
  dialog.showModal();
};

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || !dialog || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  link.closest("[popover]")?.hidePopover();
  try {
    const found = await question(link.href);
    if (found) show(found);
    else location.assign(link.href);
  } catch {
    location.assign(link.href);
  }
});

dialog?.addEventListener("click", (event) => {
  if (event.target.closest("[data-keep]")) {
    event.preventDefault();
    dialog.close();
  }
});
dialog?.addEventListener("close", () => dialog.replaceChildren());
