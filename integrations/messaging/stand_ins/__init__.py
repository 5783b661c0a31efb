"""Where do messages go in tests and demos? To servers on this machine that behave as the three vendors do."""

from integrations.messaging.stand_ins.stand_ins import StandIns

__all__ = ["StandIns"]
