"""The chat system that Parley replaces: Node, Prisma, PostgreSQL. Its tables are read, never written.

ChatSession, Message, User and Notification are known by Prisma's default names. Which columns say who takes
part, who wrote and what, differs between installations: foreign keys and usual names tell, and options of the
command decide where they do not.
"""
