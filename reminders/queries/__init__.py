"""What can be asked about reminders and messages?"""
