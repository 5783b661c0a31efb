"""What can an operator do from the command line?"""
