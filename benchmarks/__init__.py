"""How fast Riff generates, measured side by side with what else there is. `make bench`, `make bench-gpu`."""
