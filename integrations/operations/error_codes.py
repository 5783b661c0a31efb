"""How does an operator correct what a vendor's error code means? (DESIGN.md 7; messaging.md 1.10)"""

from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from uuid6 import uuid7

from integrations.messaging.base import Meaning
from integrations.messaging.registry import gateway_kind
from integrations.models import ErrorCode
from integrations.queries.accounts import forget_corrections
from practices.operations.settings import SettingsRefused

log = structlog.get_logger(__name__)

MOST_SENTENCE: Final = 200
MOST_CODE: Final = 40


def correct_code(gateway_key: str, code: str, meaning: str, sentence: str, by_id: UUID | None, now: datetime) -> None:
    """Will have a code mean this from now on, in every process within 5 seconds; a code nobody knew is added.

    `sentence`: what people read of a message that failed with it.

    Raises:
        SettingsRefused: the code, the meaning or the sentence cannot be used; says of each what to do.
        UnknownGateway: there is no gateway of this key.
    """
    kind = gateway_kind(gateway_key)
    code, sentence = code.strip(), " ".join(sentence.split())
    problems: dict[str, str] = {}
    if not 0 < len(code) <= MOST_CODE or not code.isprintable():
        problems["code"] = f"Give the code as the vendor writes it, up to {MOST_CODE} letters and digits."
    if meaning not in set(Meaning):
        problems["meaning"] = "Choose what it means."
    if not sentence or len(sentence) > MOST_SENTENCE:
        problems["sentence"] = f"Say in up to {MOST_SENTENCE} letters what went wrong, as people say it."
    if problems:
        raise SettingsRefused(problems)
    ErrorCode.objects.update_or_create(
        gateway=kind.key,
        code=code,
        defaults={"meaning": meaning, "sentence": sentence, "changed_at": now, "changed_by_id": by_id},
        create_defaults={
            "id": uuid7(), "meaning": meaning, "sentence": sentence, "changed_at": now, "changed_by_id": by_id,
        },
    )  # fmt: skip
    forget_corrections()
    log.info("error_code_corrected", gateway=kind.key, code=code, meaning=meaning, person_id=str(by_id))


def take_code_back(gateway_key: str, code: str, by_id: UUID | None) -> bool:
    """Will have a code mean what the gateway's own table says, or nothing if it has no such row. Was it corrected?"""
    removed, _ = ErrorCode.objects.filter(gateway=gateway_key, code=code).delete()
    forget_corrections()
    if removed:
        log.info("error_code_taken_back", gateway=gateway_key, code=code, person_id=str(by_id))
    return bool(removed)
