"""What does an account at Twilio consist of, and how is Twilio called with it?"""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from integrations.messaging.base import CredentialField, Credentials, Explained, Meaning, NotSent
from integrations.messaging.calling import Call
from integrations.messaging.putting_into_requests import require_plain
from integrations.messaging.refusing import asked_to_wait, refusal
from integrations.messaging.twilio_http import TwilioHttp

FIELDS: Final = (
    CredentialField(
        "account_sid",
        "Account SID",
        "On the first page of the Twilio console; it begins with AC. Texts that name a treatment need a business "
        "associate agreement (BAA) with Twilio.",
        pattern=r"AC[0-9a-fA-F]{32}",
    ),
    CredentialField(
        "auth_token",
        "Auth token",
        "The primary one: Twilio signs its callbacks with it, also when an API key is given below.",
        is_secret=True,
        pattern=r"\S{16,64}",
    ),
    CredentialField(
        "api_key_sid",
        "API key SID",
        "If texts are to be sent with a key that can be withdrawn alone; it begins with SK.",
        is_required=False,
        pattern=r"SK[0-9a-fA-F]{32}",
    ),
    CredentialField("api_key_secret", "API key secret", is_secret=True, is_required=False),
    CredentialField(
        "from_number",
        "Number",
        "The number that clients see and answer, as +13125550123. This or a messaging service is needed.",
        is_required=False,
        pattern=r"\+[1-9][0-9]{6,14}|[0-9]{5,6}",
        is_sender=True,
        is_own=True,
    ),
    CredentialField(
        "messaging_service_sid",
        "Messaging service SID",
        "If Twilio chooses among several numbers; it begins with MG.",
        is_required=False,
        pattern=r"MG[0-9a-fA-F]{32}",
        is_sender=True,
        is_own=True,
    ),
    CredentialField(
        "stop_handling",
        "Who answers STOP",
        "twilio, unless Twilio’s own handling of stop words is switched off for the number: then medspa.",
        is_required=False,
        pattern=r"twilio|medspa",
    ),
)

WRONG_KEY: Final = Explained(Meaning.ACCOUNT, "Twilio does not accept the account SID and token.")
OF_STATUS: Final = {
    401: WRONG_KEY,
    403: WRONG_KEY,
    404: Explained(Meaning.ACCOUNT, "Twilio does not know this account."),
    429: Explained(Meaning.RETRY, "Twilio asked us to slow down."),
}
"""An answer whose code nobody has explained."""


Answer = TypeVar("Answer")
Ask = Callable[..., Any]
"""`TwilioAccount.ask`, within a call that is under way."""


class TwilioAccount:
    """Calls Twilio with an account's credentials, by the SDK."""

    def __init__(self, credentials: Credentials, base_url: str, seconds: float) -> None:
        self._credentials = credentials
        self._base_url = base_url
        self._seconds = seconds

    def begin(self) -> tuple[Call, TwilioHttp]:
        """What one call needs: what is certain of it, and its connection."""
        call = Call("Twilio", self._seconds)
        return call, TwilioHttp(call, self._base_url)

    def run(self, call: Call, http: TwilioHttp, work: Callable[[Client], Any]) -> Any:
        """Will do the work with a session of the SDK's.

        Raises:
            NotSent: the credentials are not complete.
            Exception: whatever the SDK raises.
        """
        return call.run(self._beside(http, work, by_token=False))

    def ask_all(self, questions: Callable[["Ask"], Answer]) -> Answer:
        """Will ask several things, one after the other; together they take no longer than one call may.

        Raises:
            NotSent: as `ask` raises it, or the time was up.
        """
        call = Call("Twilio", self._seconds)
        try:
            return call.run(lambda: questions(partial(self.ask, within=call)))
        except NotSent:
            raise
        except Exception:  # noqa: BLE001 - whatever it is, the answers were not had
            raise call.unreachable() from None

    def _beside(self, http: TwilioHttp, work: Callable[[Client], Any], *, by_token: bool) -> Callable[[], Any]:
        sid, key = self._credentials.get("account_sid"), self._credentials.get("api_key_sid")
        is_by_key = bool(key) and not by_token
        secret = self._credentials.get("api_key_secret" if is_by_key else "auth_token")
        if not sid or not secret:
            raise at_fault("The account SID or its token is missing.")
        # Whatever stands in this process's environment is not this practice's: the SDK must not fall back on it.
        require_plain(f"{sid}{key or ''}{secret}", "Twilio’s SIDs and tokens have no such characters.")
        session = Client(
            key if is_by_key else sid, secret, account_sid=sid, http_client=http, environment={"nothing": ""}
        )

        def beside() -> Any:
            try:
                return work(session)
            finally:
                http.close()

        return beside

    def ask(
        self, work: Callable[[Client], Any], *, by_token: bool = False, missing: str = "", within: Call | None = None
    ) -> Any:
        """Will read something. Nothing is at stake, so all that goes wrong means to ask later.

        `by_token`: with the auth token, even if there is a key. `missing`: the sentence if Twilio does not know what
        is asked for; empty: that is the account itself. `within`: a call that is under way already.

        Raises:
            NotSent: the credentials do not work (`is_account`), or Twilio could not be asked now.
        """
        call = within or Call("Twilio", self._seconds)
        http = TwilioHttp(call, self._base_url)
        try:
            beside = self._beside(http, work, by_token=by_token)
            return beside() if within else call.run(beside)
        except NotSent:
            raise
        except TwilioException:
            status = http.status
            if status == 404 and missing:
                raise at_fault(missing) from None
            explained = OF_STATUS.get(status)
            wait = asked_to_wait(http.headers)
            raise (refusal(explained, str(status), wait) if explained else call.unreachable()) from None
        except Exception:  # noqa: BLE001 - whatever it is, the answer was not had
            raise call.unreachable() from None


def at_fault(reason: str) -> NotSent:
    """The account is not as it must be."""
    return NotSent(reason, is_account=True)
