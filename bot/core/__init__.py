"""What every room of the bot uses: the words of the domain, notices, forms, buttons, channels, commands."""
