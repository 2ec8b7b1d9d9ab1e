"""What the repositories take and give: immutable values, never rows bound to a session."""
