"""How does gunicorn serve the application? `gunicorn --config python:medspa.web medspa.wsgi`."""

import os
from pathlib import Path

from medspa.reader import Reader

_reader = Reader(os.environ)
_port = _reader.whole("PORT", default=8000, least=1, most=65535)
_host = _reader.text("WEB_HOST", "127.0.0.1")

bind = f"{_host}:{_port}"
workers = _reader.whole("WEB_WORKERS", default=2, least=1, most=256)
threads = _reader.whole("WEB_THREADS", default=4, least=1, most=64)
_reader.raise_problems()

worker_class = "gthread"
timeout = 30
graceful_timeout = 20
keepalive = 5
max_requests = 10_000
max_requests_jitter = 1_000
# The heartbeat file must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - not for our data
control_socket_disable = True
errorlog = "-"
loglevel = "warning"
