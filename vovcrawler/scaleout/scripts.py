"""What happens in Redis at once or not at all, as scripts in its own language; times are its own, in milliseconds.

A script whose answer was lost is called again, so each of them may be.
"""

from __future__ import annotations

_COMMON = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local LEVEL = 1e13

local function level_of(score) return math.floor(tonumber(score) / LEVEL) end

local function is_alive(workers, worker)
    local till = redis.call('ZSCORE', workers, worker)
    return till and tonumber(till) > now
end

-- Puts back what dead workers held, and what this one does not know that it holds;
-- returns how many are in flight, and the lowest level of them.
local function look(workers, requests, data, flying, worker, held)
    local count, lowest = 0, nil
    local all = redis.call('HGETALL', flying)
    for i = 1, #all, 2 do
        local owner, score = string.match(all[i + 1], '^(%S+) (%S+)$')
        local kept
        if owner == worker then kept = held[all[i]] else kept = is_alive(workers, owner) end
        if kept then
            count = count + 1
            lowest = math.min(lowest or 1e9, level_of(score))
        else
            redis.call('HDEL', flying, all[i])
            if redis.call('HEXISTS', data, all[i]) == 1 then redis.call('ZADD', requests, score, all[i]) end
        end
    end
    return count, lowest
end
"""

# KEYS requests data known due sequence counts; ARGV page score entry again now.
# 1: it waits now. 0: it is known. -1: another worker has visited it, and it is not due.
PUSH = (
    _COMMON
    + """
if ARGV[5] ~= '' then
    local due = redis.call('HGET', KEYS[4], ARGV[1])
    if due and due > ARGV[5] then return -1 end
end
if ARGV[4] == '0' and redis.call('SADD', KEYS[3], ARGV[1]) == 0 then
    local waits = redis.call('ZSCORE', KEYS[1], ARGV[1])
    if waits and level_of(waits) > level_of(ARGV[2]) then
        redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
        redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
    end
    return 0
end
local place = redis.call('INCR', KEYS[5])
-- A new job: what the last one gave says nothing of it.
if place == 1 then redis.call('DEL', KEYS[6]) end
redis.call('ZADD', KEYS[1], tonumber(ARGV[2]) + place % 1e9, ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1
"""
)

# KEYS workers requests data flying sequence; ARGV worker lease wanted seeding held…
# Gives how many are in flight, how many wait, and when one is wanted and may leave its page and entry.
# -1: this worker holds something, and nothing is known of the job.
CLAIM = (
    _COMMON
    + """
redis.call('ZADD', KEYS[1], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 86400000)
if #ARGV > 4 and redis.call('EXISTS', KEYS[5]) == 0 then return {-1} end
local held = {}
for i = 5, #ARGV do held[ARGV[i]] = true end
if ARGV[4] == '1' then
    local seeds = 'seeds of ' .. ARGV[1]
    held[seeds] = true
    redis.call('HSET', KEYS[4], seeds, ARGV[1] .. ' 0')
end
local flying, lowest = look(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1], held)
local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
local waiting = redis.call('ZCARD', KEYS[2])
if ARGV[3] == '0' or #first == 0 or (lowest and level_of(first[2]) > lowest) then return {flying, waiting} end
redis.call('ZREM', KEYS[2], first[1])
redis.call('HSET', KEYS[4], first[1], ARGV[1] .. ' ' .. first[2])
return {flying + 1, waiting - 1, first[1], redis.call('HGET', KEYS[3], first[1])}
"""
)

# KEYS requests data flying due counts; ARGV worker, then page, due and '1' for an article, each.
SETTLE = (
    _COMMON
    + """
for i = 2, #ARGV, 3 do
    local page, owner = ARGV[i], redis.call('HGET', KEYS[3], ARGV[i])
    local is_mine = owner and string.match(owner, '^(%S+) ') == ARGV[1]
    if is_mine then redis.call('HDEL', KEYS[3], page) end
    if is_mine or not owner then
        redis.call('ZREM', KEYS[1], page)
        redis.call('HDEL', KEYS[2], page)
    end
    if ARGV[i + 1] ~= '' then redis.call('HSET', KEYS[4], page, ARGV[i + 1]) end
    redis.call('HINCRBY', KEYS[5], ARGV[i + 2] == '1' and 'articles' or 'others', 1)
end
redis.call('EXPIRE', KEYS[5], 86400)
"""
)

# KEYS workers requests data flying known sequence counts; ARGV worker finished.
# Gives back what the worker holds; forgets a finished job, so that the next one is a new visit.
LEAVE = (
    _COMMON
    + """
redis.call('ZREM', KEYS[1], ARGV[1])
local flying = look(KEYS[1], KEYS[2], KEYS[3], KEYS[4], ARGV[1], {})
if ARGV[2] == '1' and flying == 0 and redis.call('ZCARD', KEYS[2]) == 0 then
    redis.call('DEL', KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6])
end
return tonumber(redis.call('HGET', KEYS[7], 'articles') or 0)
"""
)

# KEYS workers host places; ARGV worker token at_once delay.
# {1, when}: the request may leave. {0, milliseconds, held}: ask again after so long.
TURN = (
    _COMMON
    + """
if redis.call('HEXISTS', KEYS[3], ARGV[2]) == 1 then
    return {1, tonumber(redis.call('HGET', KEYS[2], 'left_at')), 0}
end
local taken, all = 0, redis.call('HGETALL', KEYS[3])
for i = 1, #all, 2 do
    if is_alive(KEYS[1], all[i + 1]) then taken = taken + 1 else redis.call('HDEL', KEYS[3], all[i]) end
end
local function fact(name) return tonumber(redis.call('HGET', KEYS[2], name) or 0) end
if fact('held_until') > now then return {0, fact('held_until') - now, 1} end
local crawl_delay, delay = fact('crawl_delay'), tonumber(ARGV[4])
-- One request finds out whether a host still refuses, and a crawl delay lies between answer and question.
local alone = fact('failures') > 0 or crawl_delay > 0
if taken >= tonumber(ARGV[3]) or (alone and taken > 0) then return {0, 50, 0} end
-- A clock that was set back must not hold the host for long.
local wait = math.min(fact('next_at') - now, 2 * delay + crawl_delay)
if wait > 0 then return {0, wait, 0} end
redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], 'left_at', now, 'next_at', now + delay)
return {1, now, 0}
"""
)

# KEYS host places; ARGV token.
LANDED = (
    _COMMON
    + """
redis.call('HDEL', KEYS[2], ARGV[1])
local crawl_delay = tonumber(redis.call('HGET', KEYS[1], 'crawl_delay') or 0)
if crawl_delay > 0 then
    local next_at = tonumber(redis.call('HGET', KEYS[1], 'next_at') or 0)
    redis.call('HSET', KEYS[1], 'next_at', math.max(next_at, now + crawl_delay))
end
"""
)

_HOLD = """
local function hold(host, wait)
    local until_now = tonumber(redis.call('HGET', host, 'held_until') or 0)
    redis.call('HSET', host, 'held_since', now, 'held_until', math.max(until_now, now + wait))
end
"""

# KEYS host; ARGV milliseconds.
HOLD = _COMMON + _HOLD + "hold(KEYS[1], tonumber(ARGV[1]))"

# KEYS host; ARGV left_at first longest share. Gives for how long the host is left alone now.
REFUSED = (
    _COMMON
    + _HOLD
    + """
local function fact(name) return tonumber(redis.call('HGET', KEYS[1], name) or 0) end
local left_at = ARGV[1] ~= '' and tonumber(ARGV[1]) or fact('left_at')
-- Requests that were under way when the host refused belong to the same refusal.
if left_at < fact('held_since') then return 0 end
local failures = redis.call('HINCRBY', KEYS[1], 'failures', 1)
local wait = math.min(tonumber(ARGV[3]), ARGV[2] * 2 ^ math.min(failures - 1, 30)) * ARGV[4]
hold(KEYS[1], math.floor(wait))
return math.floor(wait)
"""
)
