"""What does Podium give: messages, conversations, errors? Its shapes of version 2021.04.01 (messaging.md 3)."""

from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

from integrations.messaging.stand_ins.exchange import Json, Request, Response
from integrations.messaging.stand_ins.podium_account import iso
from integrations.messaging.stand_ins.records import Kept

VERSION: Final = "2021.04.01"
API: Final = "https://api.podium.com"
STATUSES: Final = {
    "bad_request": 400,
    "invalid_request_values": 400,
    "invalid_header_version": 400,
    "invalid_cursor": 400,
    "unauthenticated": 401,
    "unauthorized": 403,
    "resource_not_found": 404,
    "route_not_found": 404,
    "rate_limit": 429,
    "internal_server_error": 500,
}
FAILURES: Final = {
    30006: "Attempted to send SMS to a landline.",
    21614: "Attempted to send SMS to a landline.",
    21610: "The contact has opted out.",
}


class Refusal(Exception):
    """Podium refuses a request with one of its codes."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code
        self.words = words

    def response(self, retry_after: float | None = None) -> Response:
        """As Podium answers it."""
        body = {
            "code": self.code,
            "message": self.words,
            "moreInfo": f"https://docs.podium.com/docs/errors#{self.code}",
        }
        headers = {"Retry-After": f"{retry_after:g}"} if retry_after is not None else None
        return Response.of_json(STATUSES[self.code], body, headers)


def message_of(kept: Kept, organization: str, *, is_webhook: bool = False) -> Json:
    """A message as Podium gives it; contact and sender only in webhooks."""
    is_inbound = kept.direction == "inbound"
    item = {
        "uid": str(uuid5(NAMESPACE_URL, f"{kept.remote_id}/item")),
        "type": "message",
        "body": kept.text,
        "sendBody": None,
        "sourceType": kept.direction,
        "deliveryStatus": kept.status,
        "attachmentUrl": None,
        "attachmentContentType": None,
        "encryptedAt": None,
        "createdAt": iso(kept.at),
    }
    contact_uid = str(uuid5(NAMESPACE_URL, kept.address))
    deprecated = {
        "contact": {"uid": contact_uid, "name": None, "externalIdentifier": None},
        "sender": {} if is_inbound else {"uid": None},
    }
    return {
        "uid": kept.remote_id,
        "body": kept.text,
        "conversation": {
            "uid": conversation_uid(kept),
            "assignedUserUid": None,
            "channel": {"type": _kind(kept), "identifier": kept.address},
            "startedAt": iso(kept.at),
        },
        "location": {"uid": kept.ours, "organizationUid": organization},
        "items": [item],
        "contactName": None,
        "senderUid": None,
        "attachmentUrl": None,
        "failureReason": kept.code or None,
        "createdAt": iso(kept.at),
        **(deprecated if is_webhook else {}),
    }


def conversation_uid(kept: Kept) -> str:
    """One conversation for each address and location."""
    return str(uuid5(NAMESPACE_URL, f"podium/{kept.ours}/{kept.address}"))


def _kind(kept: Kept) -> str:
    return "email" if "@" in kept.address else "phone"


def conversation_of(kept: Kept) -> Json:
    """A conversation, by its newest message."""
    return {
        "uid": conversation_uid(kept),
        "channel": {"type": _kind(kept), "identifier": kept.address},
        "locationUid": kept.ours,
        "contactName": None,
        "closed": True,
        "lastItemAt": iso(kept.at),
        "createdAt": iso(kept.at),
        "updatedAt": iso(kept.at),
        "assignedUserUid": None,
        "assigneeUids": [],
    }


def given(data: Any, request: Request, more: Json | None = None) -> Response:
    """A resource, or a list of them, with what is said about it."""
    return Response.of_json(
        200, {"data": data, "metadata": {"url": API + request.path, "version": VERSION, **(more or {})}}
    )


def body_of(request: Request) -> Json:
    """The JSON object that was posted.

    Raises:
        Refusal: there is none.
    """
    try:
        told = request.json()
    except ValueError as error:
        raise Refusal("bad_request", "The body is no JSON.") from error
    if not isinstance(told, dict):
        raise Refusal("bad_request", "The body is no JSON object.")
    return told
