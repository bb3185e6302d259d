"""The pages about bots, for an organization's administrators."""
