// How do parts of a page that are fetched later behave? A bar after 300 ms; a failure is said, with a way to try again.
const SLOW = 300; // milliseconds
const waiting = new Map();

const polls = (element) => (element?.getAttribute?.("hx-trigger") ?? "").includes("every");

const stopBar = (request) => {
  const { timer, bar } = waiting.get(request) ?? {};
  clearTimeout(timer);
  bar?.remove();
  waiting.delete(request);
};

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, xhr } = event.detail;
  if (polls(elt)) {
    if (document.hidden) event.preventDefault(); // nobody looks
    return;
  }
  const known = {};
  known.timer = setTimeout(() => {
    known.bar = document.createElement("div");
    known.bar.className = "on-its-way";
    document.body.append(known.bar);
  }, SLOW);
  waiting.set(xhr, known);
});

// A session that ended sends the sign-in page: it is a page, not a part.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (new URL(event.detail.xhr.responseURL || location.href, location.href).pathname.startsWith("/sign-in/")) {
    event.preventDefault();
    location.reload();
  }
});

const again = (detail) => {
  const { verb, path } = detail.requestConfig ?? { verb: "get", path: detail.pathInfo?.requestPath };
  window.htmx.ajax(verb, path, { source: detail.elt });
};

const trouble = (detail) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button small";
  button.textContent = "Try again";
  button.addEventListener("click", () => {
    button.closest("[data-trouble]").remove();
    again(detail);
  });
  const words = document.createElement("p");
  words.textContent = polls(detail.elt) ? "The newest could not be loaded." : "This could not be loaded.";
  return [words, button];
};

const failed = (event) => {
  const { detail } = event;
  stopBar(detail.xhr);
  const isPart = detail.elt.matches?.(".loading");
  const place = isPart ? detail.elt : document.querySelector("#toasts");
  if (!place || place.querySelector("[data-trouble]")) return; // said once is enough
  const box = document.createElement("div");
  box.dataset.trouble = "";
  box.setAttribute("role", "alert");
  box.className = isPart ? "notice failed" : "toast failed";
  box.append(...trouble(detail));
  place.append(box);
};

for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) document.addEventListener(name, failed);

document.addEventListener("htmx:afterRequest", (event) => {
  stopBar(event.detail.xhr);
  if (event.detail.successful) document.querySelector("#toasts [data-trouble]")?.remove();
});
