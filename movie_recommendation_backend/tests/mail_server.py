"""A mail server on localhost that collects the emails it receives."""

import email
import email.policy
import queue

from aiosmtpd.controller import Controller

from .serving import free_port


class MailServer(Controller):
    """A context manager. The server listens on 127.0.0.1 at `port`."""

    def __init__(self):
        super().__init__(self, hostname="127.0.0.1", port=free_port())
        self.mails: queue.Queue[email.message.EmailMessage] = queue.Queue()
        self.refuses = False

    async def handle_DATA(self, server, session, envelope) -> str:
        if self.refuses:
            return "550 No."
        self.mails.put(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return "250 OK"

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *exc):
        self.stop()

    def next(self) -> email.message.EmailMessage:
        """Wait for the next email."""
        return self.mails.get(timeout=10)

    def is_empty(self) -> bool:
        return self.mails.empty()
