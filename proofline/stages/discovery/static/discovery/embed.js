/* Puts a Proofline calculator into a page of the company's website.
 * <script async src="https://YOUR-SERVER/static/discovery/embed.js" data-calculator="TOKEN"></script>
 * The frame stands where the script stands and is as tall as what is in it. data-language="zh-hans" chooses the language. */
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || !script.dataset.calculator) return;
  const server = new URL(script.src).origin;
  const asked = new URLSearchParams({ embed: "1" });
  new URLSearchParams(location.search).forEach((value, name) => {
    if (/^utm_(source|medium|campaign|term|content)$/.test(name) || name === "source") asked.set(name, value);
  });
  // The snippet keeps who the visitor is, if they agreed: then their clicks belong to what they reckon.
  let visitor = "";
  try { visitor = decodeURIComponent(document.cookie.match(/(?:^|; )proofline_anonymous=([^;]*)/)[1]); } catch (_) { /* nobody we know */ }
  if (visitor) asked.set("anonymous_id", visitor);
  const language = script.dataset.language || document.documentElement.lang;
  if (language) asked.set("language", /^zh/i.test(language) ? "zh-hans" : language.slice(0, 2));

  const frame = document.createElement("iframe");
  frame.src = `${server}/roi/${encodeURIComponent(script.dataset.calculator)}/?${asked}`;
  frame.title = script.dataset.title || "Calculator";
  Object.assign(frame.style, { width: "100%", height: "640px", border: "0" });
  script.before(frame);
  // The next page in the frame, such as the result that was kept, is shorter: show it from its top.
  let pages = 0;
  frame.addEventListener("load", () => {
    pages += 1;
    if (pages > 1 && frame.getBoundingClientRect().top < 0) frame.scrollIntoView();
  });
  window.addEventListener("message", (event) => {
    const said = event.data;
    if (event.origin !== server || event.source !== frame.contentWindow || !said || said.proofline !== "calculator") return;
    const height = Number(said.height);
    if (height > 0 && height < 20000) frame.style.height = `${Math.ceil(height)}px`;
  });
})();
