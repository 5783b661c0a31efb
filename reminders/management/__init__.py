"""What can an operator do with reminders from the command line?"""
