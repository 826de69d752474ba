"""A process like a server that runs jobs, on the store that the environment names; a test kills it."""

import json
import os
import threading

import django
from django.conf import settings

LONGEST_LIFE = 30

if __name__ == "__main__":
    threading.Timer(LONGEST_LIFE, os._exit, [1]).start()
    settings.DATABASES["default"].update(json.loads(os.environ["TEST_STORE"]))
    django.setup()
    from proofline.kit.jobs import runtime

    runtime.start()
