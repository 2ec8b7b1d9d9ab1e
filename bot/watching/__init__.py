"""What whoever runs Riff can watch: numbers, traces, logs, health."""
