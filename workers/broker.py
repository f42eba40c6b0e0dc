"""A mend for Kombu's Redis transport (seen in 5.7.0): an acknowledgement that Redis could not take gives its credit back.

A consumer may hold as many unacknowledged messages as it has processes. Kombu forgets to count a message as done when telling
Redis so fails; when Redis restarts while every process is at work, all of the credit is lost and the worker listens
never again, without a word. (``tests/faults``: Redis restarted with its data wiped.)
"""

from __future__ import annotations

from kombu.transport import redis, virtual


class CreditQoS(redis.QoS):  # type: ignore[misc]  # Kombu publishes no types
    """The error still goes to the caller, who logs it. The message may come again: its row is done, and says so."""

    def ack(self, delivery_tag: str) -> None:
        try:
            super().ack(delivery_tag)
        except BaseException:
            virtual.QoS.ack(self, delivery_tag)
            raise

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        try:
            super().reject(delivery_tag, requeue=requeue)
        except BaseException:
            virtual.QoS.ack(self, delivery_tag)
            raise


def install() -> None:
    """Have every Redis channel of this process use it."""
    redis.Channel.QoS = CreditQoS
