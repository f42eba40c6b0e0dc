"""The Celery app: Redis is the doorbell, the database is the truth.

A message carries one argument, the id of a row in ``dispatch``. Losing a message costs time (the sweeper sends it again),
never work; getting it twice costs a look at the database. So there is no result backend, and nothing is kept in Redis
that matters.
"""

from __future__ import annotations

import ssl
from typing import Any

from celery import Celery
from kombu import Queue as KombuQueue

from workers import broker
from workers.names import Queue
from workers.settings import WorkerSettings

SOCKET_CONNECT_SECONDS = 2.0
SOCKET_SECONDS = 10.0


def make_celery(settings: WorkerSettings) -> Celery:
    """An app that talks to ``settings.broker_url``: ``redis://``, ``rediss://`` (TLS, certificate checked) or ``redis+socket://``."""
    broker.install()
    url = settings.broker_url.get_secret_value()
    app = Celery("digitize", broker=url, backend=None, set_as_current=False)
    app.conf.update(
        # One kind of content, so that nobody who can write to Redis can make a worker unpickle something.
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_store_errors_even_if_ignored=False,
        # A message is acknowledged when its task has ended; a process that dies gives it back.
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_enable_prefetch_count_reduction=False,
        # A page that is being read while Redis restarts is finished and saved: its lease is in the database.
        worker_cancel_long_running_tasks_on_connection_loss=False,
        task_soft_time_limit=settings.soft_time_limit,
        task_time_limit=settings.hard_time_limit,
        task_queues=[KombuQueue(queue.value) for queue in Queue],
        task_default_queue=Queue.COUNTER.value,
        task_create_missing_queues=False,
        task_publish_retry=False,  # the sweeper is the retry
        broker_connection_retry=True,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_connection_timeout=SOCKET_CONNECT_SECONDS,
        broker_transport_options={
            "visibility_timeout": settings.visibility_timeout,
            "socket_connect_timeout": SOCKET_CONNECT_SECONDS,
            "socket_timeout": SOCKET_SECONDS,
            "socket_keepalive": not url.startswith("redis+socket"),
            "queue_order_strategy": "round_robin",
        },
        worker_max_tasks_per_child=settings.max_tasks_per_child,
        worker_max_memory_per_child=settings.max_memory_per_child // 1024,  # Celery counts KiB
        worker_proc_alive_timeout=120.0,  # a fresh process loads the reading engine, on a busy machine
        worker_enable_remote_control=False,
        worker_send_task_events=False,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        enable_utc=True,
    )
    if url.startswith("rediss://"):
        app.conf.broker_use_ssl = {"ssl_cert_reqs": ssl.CERT_REQUIRED}
    return app


def worker_options(queues: list[Queue], concurrency: int) -> dict[str, Any]:
    """Arguments of ``app.Worker`` for a pool that reads ``queues`` with ``concurrency`` processes."""
    return {
        "queues": [queue.value for queue in queues],
        "concurrency": concurrency,
        "pool": "prefork",
        "hostname": f"{'-'.join(queue.value for queue in queues)}@%h",
        "optimization": "fair",  # a message goes to a process that is free, never into the pipe of a busy one
        # Workers of this system find each other in the database, not by gossip.
        "without_gossip": True,
        "without_mingle": True,
        "without_heartbeat": True,
        "loglevel": "INFO",
    }
