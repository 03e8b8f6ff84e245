"""The pages: what an analyst reads and decides on. Readable without JavaScript, with no outside asset."""
