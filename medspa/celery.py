"""How does work reach the workers? Celery carries hints to do it; what is to be done stands in PostgreSQL."""

import gc
import os
import ssl

from celery import Celery
from celery.signals import setup_logging, worker_process_init
from django.conf import settings
from django.utils.log import configure_logging

from medspa.beat import SCHEDULE

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "medspa.settings")

TASK_SECONDS = 15 * 60

app = Celery("medspa")
app.conf.update(
    broker_url=settings.REDIS_URL,
    broker_connection_retry_on_startup=True,
    broker_transport_options={
        # A task whose worker died is handed out again after this; no task may run longer.
        "visibility_timeout": TASK_SECONDS + 60,
        "socket_timeout": 10,
        "socket_connect_timeout": 5,
        "socket_keepalive": True,
        "retry_on_timeout": True,
    },
    accept_content=["json"],
    task_serializer="json",
    task_default_queue="medspa",
    task_ignore_result=True,
    task_store_errors_even_if_ignored=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_time_limit=TASK_SECONDS,
    task_soft_time_limit=TASK_SECONDS - 30,
    task_publish_retry_policy={"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2},
    worker_prefetch_multiplier=1,
    worker_send_task_events=False,
    worker_hijack_root_logger=False,
    worker_cancel_long_running_tasks_on_connection_loss=True,
    enable_utc=True,
    timezone="UTC",
    beat_schedule=SCHEDULE,
    # In memory: a tick that was missed is no loss, the next one finds what is due.
    beat_scheduler="celery.beat:Scheduler",
    beat_max_loop_interval=5,
)
if settings.REDIS_URL.startswith("rediss://"):
    app.conf.broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
app.set_default()
app.autodiscover_tasks()


@setup_logging.connect
def log_like_the_web(**_: object) -> None:
    """Will give workers and beat the logging of the settings instead of Celery's own."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)


@worker_process_init.connect
def collect_garbage_seldom(**_: object) -> None:
    """Will let batches of frozen values, which hold no cycles, pass without a search for cycles every 700 of them."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
