"""Pages: parse, call one service, answer. All of them work without script."""
