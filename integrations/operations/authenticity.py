"""Did a practice's system really send this, and just now?"""

import re
from collections.abc import Mapping
from hmac import compare_digest
from typing import Final

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from integrations.operations.connections import hash_of_token
from integrations.queries.routes import Route

# A sender that changes its secret signs with both; signatures of other kinds are not ours to read.
_SIGNATURE: Final = re.compile(r"v1,[A-Za-z0-9+/]{43}=")
BEARER: Final = "bearer "


class NotAuthentic(Exception):
    """What arrived carries no proof of its sender, a wrong one, or one too old or too new."""


def verify(route: Route, headers: Mapping[str, str], body: bytes) -> None:
    """Check a Standard Webhooks signature (5 minutes' tolerance), or else the bearer token.

    `headers` is asked for `webhook-id`, `webhook-timestamp`, `webhook-signature` and `authorization`.

    Raises:
        NotAuthentic: with what is wrong. https://www.standardwebhooks.com
    """
    authorization = headers.get("authorization", "")
    if "webhook-signature" in headers:
        _verify_signature(route.signing_key, headers, body)
    elif authorization[: len(BEARER)].lower() == BEARER:
        _verify_bearer(route.bearer_hash, authorization[len(BEARER) :].strip())
    else:
        raise NotAuthentic("There is neither a webhook-signature nor an Authorization: Bearer header.")


def _verify_signature(key: bytes, headers: Mapping[str, str], body: bytes) -> None:
    signatures = " ".join(_SIGNATURE.findall(headers["webhook-signature"]))
    try:
        Webhook(key).verify(body, {**headers, "webhook-signature": signatures}, json_parse=False)
    except WebhookVerificationError as error:
        raise NotAuthentic(_REFUSALS.get(str(error), "The signature is wrong.")) from error
    except ValueError as error:  # the body is not UTF-8
        raise NotAuthentic("The signature is wrong.") from error


def _verify_bearer(kept_hash: str, token: str) -> None:
    if not kept_hash or not compare_digest(hash_of_token(token), kept_hash):
        raise NotAuthentic("The bearer token is wrong.")


_REFUSALS: Final = {
    "Missing required headers": (
        "The headers webhook-id, webhook-timestamp and webhook-signature (v1,…) are needed together."
    ),
    "Invalid Signature Headers": "The webhook-timestamp is no number of seconds since 1970.",
    "Message timestamp too old": "The webhook-timestamp is more than 5 minutes old.",
    "Message timestamp too new": "The webhook-timestamp is more than 5 minutes ahead.",
}
