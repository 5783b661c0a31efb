"""What is the task that does nothing, as Celery runs it with its own defaults?"""

import os

import redis
from celery import Celery

app = Celery("bench_no_op", broker=os.environ.get("REDIS_URL"))
app.conf.update(task_ignore_result=True, task_default_queue="bench_no_op", broker_connection_retry_on_startup=True)


@app.task(name="bench.no_op")
def no_op() -> None:
    """Do nothing."""


@app.task(name="bench.done")
def done(key: str) -> None:
    """Say that everything before it was taken."""
    with redis.Redis.from_url(app.conf.broker_url) as server:
        server.set(key, 1, ex=600)
