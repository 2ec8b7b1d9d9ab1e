"""Commands, one file each, written once for every adapter. A new file here is a new command."""
