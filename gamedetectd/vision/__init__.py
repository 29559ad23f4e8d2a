"""Looking at the screen: the client and its wire for the daemon, and the child process that has the eyes."""
