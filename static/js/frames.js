// How high is an email's frame? As high as the email.
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
