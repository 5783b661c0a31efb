"""What can an operator do to clients' records on the command line?"""
