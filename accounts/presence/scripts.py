"""What Redis does at one go, so that no two processes see a half of it.

Keys: `leases` is a sorted set of server processes by the time their lease ends; `user:<id>` is a hash of that
person's connections to `<process>|<state>`; `process:<id>` is the set of a process's `<user>:<connection>`;
`leaving` is a sorted set of those who are away, by the time since which, until somebody tells it.
Redis's own clock counts, since the clocks of server machines differ. KEYS[1] is always the leases.
The scripts build key names, so they are for one Redis, not for a cluster of several.
"""

LEASES = "parley:presence:leases"

_PRELUDE = """
local clock = redis.call('TIME')
local now = tonumber(clock[1]) + tonumber(clock[2]) / 1000000

local function user_key(user) return 'parley:presence:user:' .. user end
local leaving = 'parley:presence:leaving'
local function process_key(process) return 'parley:presence:process:' .. process end

local function state_of(user)
  local state = 'offline'
  for _, value in ipairs(redis.call('HVALS', user_key(user))) do
    local process, said = string.match(value, '^(.-)|(.*)$')
    local lease = redis.call('ZSCORE', KEYS[1], process)
    if lease and tonumber(lease) > now then
      if said == 'active' then return 'active' end
      state = 'idle'
    end
  end
  return state
end

local function forget(process, gone)
  local connections = process_key(process)
  redis.call('ZREM', KEYS[1], process)
  for _, member in ipairs(redis.call('SMEMBERS', connections)) do
    local user, connection = string.match(member, '^(.-):(.*)$')
    local value = redis.call('HGET', user_key(user), connection)
    if value and string.match(value, '^(.-)|') == process then
      redis.call('HDEL', user_key(user), connection)
      gone[user] = true
    end
  end
  redis.call('DEL', connections)
end

local function offline_among(users)
  local offline = {}
  for user in pairs(users) do
    if state_of(user) == 'offline' then offline[#offline + 1] = user end
  end
  return offline
end
"""

# ARGV: process, lease in seconds, user, connection, state. Also keeps the lease, without which nobody
# of this process would count as online. Answers the state before and after, and whether there was a lease.
# Who was still leaving was not told to be away.
PUT = (
    _PRELUDE
    + """
local before = state_of(ARGV[3])
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('HSET', user_key(ARGV[3]), ARGV[4], ARGV[1] .. '|' .. ARGV[5])
redis.call('SADD', process_key(ARGV[1]), ARGV[3] .. ':' .. ARGV[4])
if redis.call('ZREM', leaving, ARGV[3]) == 1 and before == 'offline' then before = 'idle' end
return {before, state_of(ARGV[3]), lease and 1 or 0}
"""
)

# ARGV: process, user, connection.
REMOVE = (
    _PRELUDE
    + """
local before = state_of(ARGV[2])
redis.call('HDEL', user_key(ARGV[2]), ARGV[3])
redis.call('SREM', process_key(ARGV[1]), ARGV[2] .. ':' .. ARGV[3])
local after = state_of(ARGV[2])
if after == 'offline' and before ~= after then redis.call('ZADD', leaving, now, ARGV[2]) end
return {before, after, 1}
"""
)

# ARGV: users. Answers in their order.
STATES = (
    _PRELUDE
    + """
local states = {}
for index, user in ipairs(ARGV) do states[index] = state_of(user) end
return states
"""
)

# ARGV: process, lease in seconds. Answers whether there was a lease still, and which run of the server it is:
# another run may have come up with an old copy of the data.
BEAT = (
    _PRELUDE
    + """
local lease = redis.call('ZSCORE', KEYS[1], ARGV[1])
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
return {lease and 1 or 0, string.match(redis.call('INFO', 'server'), 'run_id:(%w+)')}
"""
)

# ARGV: process. Answers who is leaving by that; the last process also whom it has not seen off yet, since
# there is nobody left to tell, or to be told.
FORGET = (
    _PRELUDE
    + """
local gone = {}
forget(ARGV[1], gone)
if redis.call('ZCOUNT', KEYS[1], now, '+inf') == 0 then
  for _, user in ipairs(redis.call('ZRANGE', leaving, 0, -1)) do gone[user] = true end
  redis.call('DEL', leaving)
  return offline_among(gone)
end
local offline = offline_among(gone)
for _, user in ipairs(offline) do redis.call('ZADD', leaving, now, user) end
return offline
"""
)

# ARGV: grace in seconds. Answers who has been away for so long, and forgets that, so it is told once.
FAREWELLS = (
    _PRELUDE
    + """
local gone = {}
for _, user in ipairs(redis.call('ZRANGEBYSCORE', leaving, '-inf', now - ARGV[1])) do
  redis.call('ZREM', leaving, user)
  gone[user] = true
end
return offline_among(gone)
"""
)

# Forgets all whose lease ended. A script runs alone, so one process only is told about each of them.
SWEEP = (
    _PRELUDE
    + """
local gone = {}
for _, process in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do forget(process, gone) end
return offline_among(gone)
"""
)
