"""The pages: what an analyst reads and decides on, readable without JavaScript, all served here."""
