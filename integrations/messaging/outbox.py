"""Where do messages go that nobody should get? To a page of this installation (CHN-1)."""

from typing import ClassVar

from integrations.messaging.base import Accepted, Capabilities, Gateway, NeverArrived, Outgoing, Refused, Sought


class Outbox(Gateway):
    """The local gateway of the demo and of a trial: to accept is to be recorded.

    The committed delivery row is what the outbox page shows, so there is nothing left to do here: no network,
    no second copy, nothing that could be lost between two stores.
    """

    key: ClassVar[str] = "outbox"
    channels: ClassVar[frozenset[str]] = frozenset({"sms", "email"})
    capabilities: ClassVar[Capabilities] = Capabilities(
        label="Outbox on this installation",
        is_local=True,
        can_be_asked=True,
        carries_health_detail=True,
    )

    def send(self, outgoing: Outgoing, attempt_id: str) -> Accepted:
        """Accepts what it can carry; the id is the attempt's own, so it is the same however often one asks.

        Raises:
            Refused: a channel that it does not carry, or no address.
        """
        if outgoing.channel not in self.channels:
            raise Refused(f"The outbox does not carry {outgoing.channel}.")
        if not outgoing.to:
            raise Refused("There is no address to send to.")
        return Accepted(f"outbox-{attempt_id}")

    def find(self, sought: Sought) -> NeverArrived:
        """Always that it never arrived.

        And that is true: a message is in the outbox once its acceptance is recorded, and one asks only about
        attempts of which none was. Nothing outside this database can have got it, so that making the attempt
        again gives nobody a second copy.
        """
        return NeverArrived()
