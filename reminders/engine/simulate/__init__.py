"""What would happen to a made-up book of clients, over years in seconds? (SIM-2)"""

from reminders.engine.simulate.report import Report
from reminders.engine.simulate.run import Render, Settings, simulate

__all__ = ["Render", "Report", "Settings", "simulate"]
