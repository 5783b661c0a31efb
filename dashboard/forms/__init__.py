"""What may a person type into the dashboard's pages?"""
