"""A steward's clean-up of a source, saved as steps and replayed on the next file."""
