"""A mail server on this machine: what arrives, and the links in it."""

import queue
import re
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from tests.fixtures.live import free_port

SECONDS = 20


class Letterbox:
    """Keeps what a server sends, until somebody reads it."""

    def __init__(self):
        self.letters = queue.Queue()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        self.letters.put(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_error):
        self.controller.stop()

    def read(self, subject):
        """Go through the letters until one has this subject; return it."""
        while True:
            letter = self.letters.get(timeout=SECONDS)
            if subject in letter["Subject"]:
                return letter

    def link(self, subject):
        """Return the first link of the next letter with this subject."""
        text = self.read(subject).get_body(("plain",)).get_content()
        return re.search(r"https?://[^\s<>]+", text).group()
