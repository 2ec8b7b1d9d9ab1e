"""Screenshots of what Riff says: recorded from the local servers, drawn as HTML in a neutral look, shot by Chromium."""
