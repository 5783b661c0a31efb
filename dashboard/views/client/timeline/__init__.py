"""What happened to a client, and what will? One file for each kind of thing on the timeline."""
