"""What holds for all tests."""

import os

# Apps that tests start judge in their own process, where everything is imported already; and tests write faster
# than people. Tests of the one or the other say what they want.
os.environ.setdefault("RIFF_MODERATION__ISOLATION", "thread")
os.environ.setdefault("RIFF_LIMITS__MESSAGES_PER_MINUTE", "0")
os.environ.setdefault("RIFF_HEALTH__PORT", "0")
