"""What does medspa keep about the systems a practice is connected to?"""

from integrations.models.connection import Connection, WebhookRoute
from integrations.models.import_run import ColumnMapping, ImportProblem, ImportRun
from integrations.models.inbound_event import InboundEvent

__all__ = ["ColumnMapping", "Connection", "ImportProblem", "ImportRun", "InboundEvent", "WebhookRoute"]
