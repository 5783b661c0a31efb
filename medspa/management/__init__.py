"""What can be run with manage.py that concerns the whole program?"""
