"""The names of the tasks and queues: the one module of ``workers`` that the front door may import."""

from __future__ import annotations

from enum import StrEnum


class Queue(StrEnum):
    """The counter never waits behind a back-scan; house-keeping never delays either.

    A scan belongs to ``counter`` or ``backscan``. Of a counter scan, the inspection that a person is waiting for runs on
    ``counter`` and the reading of its pages on ``pages``, so that an inspection never waits behind a page either.
    """

    COUNTER = "counter"
    PAGES = "pages"
    BACKSCAN = "backscan"
    MAINTENANCE = "maintenance"


class TaskName(StrEnum):
    """Every task takes one argument, the id of its row in ``dispatch``."""

    INSPECT_SCAN = "digitize.inspect_scan"
    READ_PAGE = "digitize.read_page"
    ASSEMBLE_SCAN = "digitize.assemble_scan"
    ARRANGE_SCAN = "digitize.arrange_scan"
    CHECK_FIXITY = "digitize.check_fixity"
    LEARN_EXAMPLE = "digitize.learn_example"
    TRAIN_CLASSIFIER = "digitize.train_classifier"
    DELIVER_WEBHOOK = "digitize.deliver_webhook"
