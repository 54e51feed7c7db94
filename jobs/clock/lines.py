"""What the log of a scheduler or a worker says to an operator, in the language of the terminal."""

from __future__ import annotations

from config.problems import Said

SCHEDULES = Said("the scheduler runs for {home}", "scheduler 开始运行，家是 {home}")
SCHEDULED = Said("the scheduler has stopped", "scheduler 停下了")
LISTENS = Said("a worker listens for {queue} of {home}", "worker 开始听 {queue}，家是 {home}")
LISTENED = Said("the worker for {queue} has stopped", "听 {queue} 的 worker 停下了")
NO_REDIS = Said(
    "there is no redis-server for this platform and no YAJI_REDIS_URL: timers fire in this process",
    "这个平台没有 redis-server，也没有设置 YAJI_REDIS_URL：定时由本进程自己处理",
)
HERE = Said("timers fire in this process meanwhile", "这期间定时由本进程自己处理")
HEARD_AGAIN = Said("workers are rung for again", "又给 worker 打铃了")
UNANSWERED = Said(
    "rings stay unanswered, so the scheduler does their work too; run more of `yaji worker`",
    "打了铃没有应答，scheduler 就自己做；请多运行几个 `yaji worker`",
)
UNREAD = Said("the timers cannot be read, trying again", "定时读不出来，会再试")
STORE_BACK = Said("the store is back", "数据库恢复了")
AWAY = Said(
    "Redis cannot be used now; timers are rung for again as long as they stand: {why}",
    "Redis 现在用不了；还没处理的定时会再打铃：{why}",
)
BACK = Said("Redis is back", "Redis 恢复了")
MENDED = Said("the home can be used again, and is used as it is now", "家又能用了，已经用上现在的样子")
KEPT = Said(
    "the home was changed and cannot be used like this; what ran before goes on: {why}",
    "家改过了，但这样用不了；照旧用原来的：{why}",
)
