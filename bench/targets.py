"""What Parley promises about its speed. Ratios are of one run, since no two machines are alike."""

from bench.results import at_least, at_most

# Of the same consumer without a database, by 200 senders.
OF_THE_CEILING = {"daphne": at_least(0.3), "uvicorn": at_least(0.4)}
# Of one message, one transaction, by the ORM.
OF_ONE_BY_ONE = at_least(10)
OF_ONE_BY_ONE_EMBEDDED = at_least(8)
# A single sender's acknowledgement, in times of a bare row's COMMIT.
OF_A_BARE_ROW = at_most(2.5)
# Requests per second, of an empty view's.
OF_AN_EMPTY_VIEW = at_least(0.4)
# Two processes, of one.
OF_ONE_PROCESS = at_least(1.3)
# CPU of the delivering server for each event, in microseconds.
DELIVERY = {"daphne": at_most(60), "uvicorn": at_most(15)}
# In times of the same on a hundredth of the data.
OF_A_HUNDREDTH = at_most(1.2)
# Until 10,000 missed messages are there, in seconds.
CATCHING_UP = at_most(1.5)
# Of an idle socket, in kilobytes; of 3,000 of them, in percent of a core.
IDLE_MEMORY = at_most(60)
IDLE_CPU = at_most(3)
# Statements, however many are away.
FOR_PUSH = at_most(1)
# On the screens of the demo data, in milliseconds.
PAINTED_HISTORY = at_most(150)
PAINTED_BUBBLE = at_most(100)
# Messages lost or out of order, databases found locked.
NONE = at_most(0)
