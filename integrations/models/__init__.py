"""What does medspa keep about the systems a practice is connected to?"""

from integrations.models.connection import Connection, WebhookRoute
from integrations.models.error_code import ErrorCode
from integrations.models.gateway_account import GatewayAccount, GatewayPace, GatewayRoute, SenderRoute
from integrations.models.gateway_event import GatewayEvent
from integrations.models.import_run import ColumnMapping, ImportProblem, ImportRun
from integrations.models.inbound_event import InboundEvent

__all__ = [
    "ColumnMapping",
    "Connection",
    "ErrorCode",
    "GatewayAccount",
    "GatewayEvent",
    "GatewayPace",
    "GatewayRoute",
    "ImportProblem",
    "ImportRun",
    "InboundEvent",
    "SenderRoute",
    "WebhookRoute",
]
