"""What the training stages share: folder, schedule, progress, metrics, resuming, dry run, model card."""
