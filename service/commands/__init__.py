"""The commands, one file each; a command turns options into calls and results into lines."""
