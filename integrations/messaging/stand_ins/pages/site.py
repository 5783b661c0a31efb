"""Which pages and buttons do the stand-ins have for people? Plain forms, and every text escaped."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import quote

from integrations.messaging.stand_ins.exchange import Request, Response
from integrations.messaging.stand_ins.pages.accounts import accounts_page
from integrations.messaging.stand_ins.pages.inbox import inbox_page
from integrations.messaging.stand_ins.records import Kept, Records
from integrations.messaging.stand_ins.sendgrid import SendGrid
from integrations.messaging.stand_ins.unsubscribing import press_unsubscribe
from integrations.messaging.stand_ins.vendor import Vendor

OURS: Final = Path(__file__).parent
SHARED: Final = Path(__file__).resolve().parents[4] / "static" / "css"
SHEETS: Final = ("tokens", "base", "button", "field", "state", "notice")
"""The product's own sheets that these pages use, in their order."""
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MAIL_POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"
"""A mail as a mailbox shows it before images are allowed: nothing is fetched, nothing runs."""


class Site:
    """The page for people at / and what it needs."""

    def __init__(self, vendors: Mapping[str, Vendor], records: Records) -> None:
        self._vendors = vendors
        self._records = records
        self._assets = {f"{name}.css": ((SHARED / f"{name}.css").read_bytes(), "text/css") for name in SHEETS}
        for name, kind in (("stand_ins.css", "text/css"), ("stand_ins.js", "text/javascript")):
            self._assets[name] = ((OURS / name).read_bytes(), kind)
        self._unsubscribed: dict[int, str] = {}
        """Mail -> what the application answered to one-click unsubscribe."""

    def answer(self, request: Request) -> Response:
        """Show a page, or do what a button says."""
        do = {"GET": self._show, "POST": self._do}.get(request.method)
        response = do(request) if do else None
        return response or Response(404, b"There is no such page.\n", {"Content-Type": "text/plain; charset=utf-8"})

    def _show(self, request: Request) -> Response | None:
        match request.segments:
            case ("",):
                return self._inbox("", "")
            case "with", vendor, address:
                return self._inbox(vendor, address)
            case ("accounts",):
                return _page(accounts_page(self._vendors))
            case "assets", name if name in self._assets:
                body, kind = self._assets[name]
                return Response(200, body, {"Content-Type": f"{kind}; charset=utf-8", "Cache-Control": "no-cache"})
            case ("favicon.ico",):
                return Response(204)
            case ("pulse",):
                return Response.of_json(200, {"pulse": self._records.pulse()})
            case "mail", number, "html":
                return self._on(number, self._mail)
        return None

    def _do(self, request: Request) -> Response | None:
        match request.segments:
            case "mail", number, "unsubscribe":
                return self._on(number, self._unsubscribe)
            case "mail", number, "spam":
                return self._on(number, self._spam)
            case "with", vendor, address, "reply" if vendor in self._vendors:
                return self._reply(vendor, address, request)
            case "accounts", vendor if vendor in self._vendors:
                return self._change(vendor, request)
        return None

    def _inbox(self, vendor: str, address: str, trouble: str = "") -> Response:
        return _page(inbox_page(self._records, vendor, address, self._unsubscribed, trouble), 400 if trouble else 200)

    def _on(self, number: str, do: Callable[[Kept], Response]) -> Response:
        kept = self._records.numbered(int(number)) if number.isdigit() else None
        return do(kept) if kept is not None else Response(404)

    def _mail(self, kept: Kept) -> Response:
        headers = {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": MAIL_POLICY}
        return Response(200, kept.html.encode(), headers)

    def _unsubscribe(self, kept: Kept) -> Response:
        self._unsubscribed[kept.sequence] = press_unsubscribe(kept, self._vendors[kept.vendor].callbacks.ask)
        return Response.see_other(f"{way_to(kept)}#mail-{kept.sequence}")

    def _spam(self, kept: Kept) -> Response:
        vendor = self._vendors[kept.vendor]
        if isinstance(vendor, SendGrid) and kept.direction == "outbound":
            vendor.report_spam(kept)
        return Response.see_other(f"{way_to(kept)}#mail-{kept.sequence}")

    def _reply(self, vendor: str, address: str, request: Request) -> Response:
        form = request.form
        text = form.get("text", "").replace("\r\n", "\n").strip()
        if not text:
            return self._inbox(vendor, address, "Write something first.")
        try:
            self._vendors[vendor].write_back(address, form.get("to", ""), text, form.get("subject", ""))
        except ValueError as error:
            return self._inbox(vendor, address, str(error))
        return Response.see_other(f"/with/{vendor}/{quote(address, safe='')}#newest")

    def _change(self, vendor: str, request: Request) -> Response:
        try:
            self._vendors[vendor].change({name: value.strip() for name, value in request.form.items()})
        except ValueError as error:
            return _page(accounts_page(self._vendors, str(error)), 400)
        return Response.see_other(f"/accounts#{vendor}")


def way_to(kept: Kept) -> str:
    """The address of the conversation that a message belongs to."""
    return f"/with/{kept.vendor}/{quote(kept.address, safe='')}"


def _page(html: str, status: int = 200) -> Response:
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(status, f"<!doctype html>\n{html}".encode(), headers)
