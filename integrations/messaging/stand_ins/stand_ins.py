"""Which vendors stand here, and at which address? One server for the three, the control API and the page."""

from types import TracebackType
from typing import Self

from integrations.messaging.stand_ins.control import Control
from integrations.messaging.stand_ins.exchange import Request, Response
from integrations.messaging.stand_ins.http_server import HttpServer
from integrations.messaging.stand_ins.pages.site import Site
from integrations.messaging.stand_ins.podium import Podium
from integrations.messaging.stand_ins.records import Records
from integrations.messaging.stand_ins.sendgrid import SendGrid
from integrations.messaging.stand_ins.twilio import Twilio
from integrations.messaging.stand_ins.vendor import Now, Vendor
from practices import clock


class StandIns:
    """Twilio, SendGrid and Podium on one port of this machine.

    Use: `with StandIns() as stand_ins:` or `start()` and `stop()`. `port` 0: any that is free. `now`: their clock.
    Everything is kept in this process's memory only. Beyond the vendors' addresses below `url` nothing is contacted
    but the callback addresses that they were given.
    """

    def __init__(self, port: int = 0, *, host: str = "127.0.0.1", now: Now = clock.now) -> None:
        self.records = Records()
        self.twilio = Twilio(self.records, now)
        self.sendgrid = SendGrid(self.records, now)
        self.podium = Podium(self.records, now)
        self.vendors: dict[str, Vendor] = {each.name: each for each in (self.twilio, self.sendgrid, self.podium)}
        self._control = Control(self.vendors, self.records)
        self._site = Site(self.vendors, self.records)
        self._host = host
        self._server = HttpServer(host, port, self._answer)

    @property
    def url(self) -> str:
        """Their common origin: http://127.0.0.1:4010."""
        return f"http://{self._host}:{self._server.port}"

    def url_of(self, vendor: str) -> str:
        """The base address of one vendor's API."""
        return f"{self.url}/{vendor}"

    def start(self) -> Self:
        """Listen and call back from now on."""
        for vendor in self.vendors.values():
            vendor.start()
        self._server.start()
        return self

    def stop(self) -> None:
        """Hang up, forget what waits, and leave neither socket nor thread behind."""
        for vendor in self.vendors.values():
            vendor.stop()
        self._server.stop()

    def reset(self) -> None:
        """Forget everything, as at the start."""
        self._control.reset()

    def settle(self, seconds: float = 10.0) -> bool:
        """Wait until every callback was made; False: after so many seconds some still wait."""
        return all(vendor.callbacks.settle(seconds) for vendor in self.vendors.values())

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Response:
        first = request.segments[0]
        if first in self.vendors:
            return self.vendors[first].answer(request.below(f"/{first}"))
        if first == "control":
            return self._control.answer(request.below("/control"))
        return self._site.answer(request)
