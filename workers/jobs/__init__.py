"""The bodies of the tasks: what a scan's rows in ``dispatch`` make happen, and what it means when it can't.

Each module has one ``Handler``. They load, call the pure pipeline, and hand back a function that saves; when they run, with
what lease and how often is the runner's business. Every one may run twice for the same row without harm.
"""

from __future__ import annotations

from workers.jobs.arrange_scan import ArrangeScan
from workers.jobs.assemble_scan import AssembleScan
from workers.jobs.check_fixity import CheckFixity
from workers.jobs.deliver_webhook import DeliverWebhook
from workers.jobs.inspect_scan import InspectScan
from workers.jobs.learn_example import LearnExample
from workers.jobs.read_page import ReadPage
from workers.jobs.train_classifier import TrainClassifier
from workers.names import TaskName
from workers.runner import Handler

HANDLERS: dict[str, Handler] = {
    TaskName.INSPECT_SCAN: InspectScan(),
    TaskName.READ_PAGE: ReadPage(),
    TaskName.ASSEMBLE_SCAN: AssembleScan(),
    TaskName.ARRANGE_SCAN: ArrangeScan(),
    TaskName.CHECK_FIXITY: CheckFixity(),
    TaskName.LEARN_EXAMPLE: LearnExample(),
    TaskName.TRAIN_CLASSIFIER: TrainClassifier(),
    TaskName.DELIVER_WEBHOOK: DeliverWebhook(),
}
