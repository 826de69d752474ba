/* Proofline's browser snippet: page views, track and identify, sent to one's own server.
 *   <script src="https://YOUR-SERVER/static/timeline/proofline.js" data-write-key="…" defer></script>
 *   proofline.track("Signup Clicked", {plan: "basic"}); proofline.identify("user-7", {email: "a@b.c"}); proofline.group("acme", {name: "Acme"});
 * Calls made before it is loaded: window.proofline = window.proofline || []; proofline.push(["track", "…", {…}]).
 * With Do-Not-Track or Global Privacy Control on, nothing is kept or sent. data-consent="wait" waits for proofline.consent(true).
 */
(function () {
  "use strict";
  var script = document.currentScript, early = window.proofline, win = window, nav = navigator;
  if (!script || (early && early.track)) return;
  var key = script.getAttribute("data-write-key"), host = script.getAttribute("data-host") || new URL(script.src).origin;
  var asked = script.getAttribute("data-consent") === "wait" && !/(?:^|; )proofline_consent=1/.test(document.cookie);
  var refused = nav.doNotTrack === "1" || nav.globalPrivacyControl === true;
  var queue = [], timer = 0, last = "", user = null, group = null;

  function id() {
    if (win.crypto && crypto.randomUUID) return crypto.randomUUID();
    return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, function (c) { return (c ^ (Math.random() * 16 >> (c / 4))).toString(16); });
  }
  function cookie(name, value) {
    if (value === undefined) return decodeURIComponent((document.cookie.match("(?:^|; )" + name + "=([^;]*)") || [])[1] || "");
    document.cookie = name + "=" + encodeURIComponent(value) + ";path=/;max-age=" + (value ? 31536000 : 0) + ";samesite=lax" + (location.protocol === "https:" ? ";secure" : "");
    return value;
  }
  function visitor() { return cookie("proofline_anonymous") || cookie("proofline_anonymous", id()); }
  function campaign() {
    var found = {}, any = false;
    new URLSearchParams(location.search).forEach(function (value, name) {
      if (name.slice(0, 4) === "utm_") { found[name === "utm_campaign" ? "name" : name.slice(4)] = value; any = true; }
    });
    if (any) try { sessionStorage.pl_utm = JSON.stringify(found); } catch (e) { /* no storage */ }
    else try { found = JSON.parse(sessionStorage.pl_utm || "{}"); } catch (e) { /* no storage */ }
    return found;
  }
  function page() { return { path: location.pathname, url: location.href, title: document.title, referrer: document.referrer, search: location.search }; }
  function add(type, more) {
    if (refused || !key) return;
    var event = { type: type, messageId: id(), timestamp: new Date().toISOString() };
    var context = { page: page(), campaign: campaign(), locale: nav.language };
    if (group) context.groupId = group;
    event.context = context;
    for (var name in more) event[name] = more[name];
    queue.push(event);
    if (!asked) { clearTimeout(timer); timer = setTimeout(send, queue.length > 19 ? 0 : 300); }
  }
  function send() {
    if (!queue.length || asked || refused) return;
    var some = queue.splice(0, 50);
    some.forEach(function (event) { event.anonymousId = visitor(); if (!event.userId && user) event.userId = user; });
    var body = JSON.stringify({ writeKey: key, sentAt: new Date().toISOString(), batch: some });
    var url = host + "/v1/batch";
    if (nav.sendBeacon && body.length < 60000 && nav.sendBeacon(url, new Blob([body], { type: "text/plain" }))) return;
    fetch(url, { method: "POST", body: body, keepalive: body.length < 60000, headers: { "Content-Type": "text/plain" } }).catch(function () {
      queue = some.concat(queue).slice(0, 500); timer = setTimeout(send, 5000);
    });
  }
  function view() {
    if (location.href === last) return;
    last = location.href;
    add("page", { properties: page() });
  }
  var api = {
    track: function (event, properties) { add("track", { event: event, properties: properties || {} }); },
    page: function (name, properties) { add("page", { name: name, properties: Object.assign(page(), properties) }); },
    identify: function (who, traits) {
      if (who && typeof who === "object") { traits = who; who = null; }
      user = who ? String(who) : user;
      add("identify", { userId: user || undefined, traits: traits || {} });
    },
    group: function (which, traits) { group = String(which); add("group", { groupId: group, traits: traits || {} }); },
    reset: function () { send(); user = group = null; cookie("proofline_anonymous", ""); },
    consent: function (given) { cookie("proofline_consent", given ? "1" : ""); asked = !given; if (given) send(); else queue = []; },
    anonymousId: function () { return refused || asked ? "" : visitor(); },
    push: function (call) { api[call[0]].apply(api, call.slice(1)); },
    flush: send
  };
  win.proofline = api;
  ["pushState", "replaceState"].forEach(function (name) {
    var real = history[name];
    history[name] = function () { var done = real.apply(this, arguments); setTimeout(view, 0); return done; };
  });
  addEventListener("popstate", view);
  addEventListener("pagehide", send);
  document.addEventListener("visibilitychange", function () { if (document.visibilityState === "hidden") send(); });
  view();
  (Array.isArray(early) ? early : []).forEach(api.push);
})();
