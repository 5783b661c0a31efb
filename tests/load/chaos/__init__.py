"""Does every due message arrive exactly once while everything breaks around it? Its own PostgreSQL, Redis, programs."""
