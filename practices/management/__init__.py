"""What can an operator do to practices on the command line?"""
