"""Which reminders follow which treatment, and when?"""
