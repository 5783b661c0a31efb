"""What did the reminders earn?"""
