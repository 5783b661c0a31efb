"""What should be sent when? Pure functions over frozen values: no database, no clock, no Django."""
