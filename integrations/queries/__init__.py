"""What can be asked about connections, what arrived, and what was imported?"""
