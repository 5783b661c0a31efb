"""Which email in SendGrid's paid activity log is the attempt that nobody heard of again?

The log is asked for our reference, which travels as a custom argument: "unique_args" is one of the query types that
Twilio's "Getting started with the Email Activity Feed API" lists. Rows come late, and nobody promises when: a row
proves that SendGrid took the email, and no row proves nothing.
"""

import json
from typing import Any, Final

from python_http_client.exceptions import HTTPError

from integrations.messaging.base import Accepted, CannotSay, NotSent
from integrations.messaging.calling import Call
from integrations.messaging.sendgrid_callbacks import REFERENCE

NOT_LISTED: Final = "SendGrid’s activity log does not show it yet."


def find_in_log(session: Any, call: Call, attempt_id: str) -> Accepted | CannotSay:
    """Return the row of an attempt as its acceptance. `session`: the SDK.

    Raises:
        NotSent: it is not there yet, or SendGrid could not be asked now; ask again.
    """
    query = f"(unique_args['{REFERENCE}']=\"{attempt_id}\")"
    try:
        answer = call.run(lambda: session.client.messages.get(query_params={"query": query, "limit": 1}))
        rows = json.loads(answer.body)["messages"]
        name = str(rows[0]["msg_id"]).partition(".")[0] if rows else ""
    except HTTPError as error:
        if int(error.status_code) in {400, 401, 403, 404}:  # not paid for, or the key may not read it
            return CannotSay()
        raise call.unreachable() from None
    except Exception:  # noqa: BLE001 - whatever it is, the answer was not had
        raise call.unreachable() from None
    if name:
        return Accepted(name[:120])
    raise NotSent(NOT_LISTED)
