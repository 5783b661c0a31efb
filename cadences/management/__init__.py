"""What can an operator do to a practice's library on the command line?"""
