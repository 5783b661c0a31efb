"""What changes what is known of the people treated?"""
