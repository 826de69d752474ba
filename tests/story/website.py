"""The company's own website: three pages on another address, which carry the snippet."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<script async src="{server}/static/timeline/proofline.js" data-write-key="{key}"></script></head>
<body><h1>{title}</h1><nav><a href="/">Home</a> <a href="/analytics">Analytics</a> <a href="/pricing">Pricing</a></nav>
<p><a id="talk" href="{server}/f/talk-to-us/">Talk to us</a></p>
<script>document.getElementById("talk").addEventListener("click", (event) => {{
  const asked = new URL(event.target.href);
  asked.searchParams.set("anonymous_id", proofline.anonymousId());
  const campaign = JSON.parse(sessionStorage.pl_utm || "{{}}");
  for (const name in campaign) asked.searchParams.set("utm_" + (name === "name" ? "campaign" : name), campaign[name]);
  event.target.href = asked;
}});</script></body></html>"""
TITLES = {"/": "Clarity", "/analytics": "Clarity Analytics", "/pricing": "Clarity prices"}


class Website:
    """Serves the pages; `localhost` and 127.0.0.1 are two places to a browser, as a website and our server are."""

    def __init__(self, *, server, key):
        def answer(request):
            title = TITLES.get(request.path.partition("?")[0])
            request.send_response(200 if title else 404)
            request.send_header("Content-Type", "text/html; charset=utf-8")
            request.end_headers()
            request.wfile.write(PAGE.format(title=title, server=server, key=key).encode())

        handler = type("Handler", (BaseHTTPRequestHandler,), {"do_GET": answer, "log_message": lambda *_words: None})
        self.web = ThreadingHTTPServer(("127.0.0.1", 0), handler)

    @property
    def url(self):
        return f"http://localhost:{self.web.server_port}"

    def __enter__(self):
        threading.Thread(target=self.web.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error):
        self.web.shutdown()
        self.web.server_close()
