"""What `--help` says, in Chinese: of each command, and of each option for the English text that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from typer import Context, rich_utils


def in_chinese(command: Any, called: str = "") -> None:
    """Let a command, and those under it, tell of themselves in Chinese. `called` is its name, as in `jobs retry`."""
    command.help = COMMANDS.get(called, command.help)
    usage = command.get_usage
    command.get_usage = lambda context: _in_words(usage(context))
    for parameter in (*command.params, command.get_help_option(Context(command))):
        if getattr(parameter, "help", None) is not None:
            parameter.help = OPTIONS.get(parameter.help, parameter.help)
    for name, below in getattr(command, "commands", {}).items():
        in_chinese(below, f"{called} {name}".lstrip())


@contextmanager
def headings() -> Iterator[None]:
    """Chinese words around the help, for as long as the block lasts."""
    kept = {name: getattr(rich_utils, name) for name in _HEADINGS if hasattr(rich_utils, name)}
    try:
        for name in kept:
            setattr(rich_utils, name, _HEADINGS[name])
        yield
    finally:
        for name, heading in kept.items():
            setattr(rich_utils, name, heading)


def _in_words(usage: str) -> str:
    """`用法：yaji check [选项] [DIR]`."""
    for english, chinese in _USAGE.items():
        usage = usage.replace(english, chinese, 1)
    return usage


_USAGE: Final = {"Usage: ": "用法：", "[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]…"}
_HEADINGS: Final = {
    "ABORTED_TEXT": "已中止。",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "COMMANDS_PANEL_TITLE": "命令",
    "DEFAULT_STRING": "[默认：{}]",
    "ERRORS_PANEL_TITLE": "错误",
    "OPTIONS_PANEL_TITLE": "选项",
    "REQUIRED_LONG_STRING": "[必填]",
    "RICH_HELP": "看帮助：[blue]{command_path} {help_option}[/]",
}
COMMANDS: Final[Mapping[str, str]] = {
    "": "Yaji 雅集：Telegram 群和微信群的社群助手。第一步：yaji init my-home",
    "init": """新建一个可以动手改的家。文件夹里有任何东西，就绝不碰它。

退出码：0 写好了，2 这个文件夹不能用。""",
    "check": "检查一个家。有问题时退出码为 1；警告和说明只是告诉你。",
    "test": """运行家里自带的测试（tests/*.yaml）。什么都不会发出去。

退出码：0 全部通过，1 有没通过的，2 家用不了，或者没有这样的测试。""",
    "simulate": """用真正的引擎、按历史自己的时钟，跑一遍导出的聊天记录。什么都不会发出去。

加上 --against，两个家各跑一遍同一份历史，先说有什么不同。

退出码：0 完成，2 导出文件、家或某个选项不能用。""",
    "digest": """看一份导出的历史最近一次的摘要会是什么样：文字和图，群里用的每种语言各一份。

退出码：0 完成，2 历史、家或某个选项不能用。""",
    "metrics": """群有多活跃、谁留下、谁新来，每个数字是什么意思。不点任何人的名。

按群自己的日子算；不另外说，就是已经过完的最近 30 天。导出的历史，最后那一天算过完了。
文件里有错会告诉你，只少了那个群或那个章节的数字。

退出码：0 说完了，2 家、历史、数据库或某个选项不能用。""",
    "demo": """一个六十天的示例社群，用引擎跑一遍：报告打印在这里，也写成 HTML。什么都不会发出去。

文件夹里已经有家的，连同里面的改动一起保留。""",
    "serve": """让家里的群上线，直到停下为止（Ctrl-C、SIGTERM）。家改了不用重启。

token 从环境变量里取：TELEGRAM_BOT_TOKEN，或者 yaji.yaml 里写的变量。TELEGRAM_API_URL 是自己的 Bot API 服务器，
YAJI_DATABASE_URL 是数据库，YAJI_REDIS_URL 是 Redis（没设的话，摘要要用时就自己起一个私有的 redis-server），
YAJI_SECRET 是几台机器共用的按钮密钥。

退出码：0 停下了，2 上不了线。""",
    "bind": """打印一行字，发到哪个聊天里，那个聊天就成为这个群：只能用一次，24 小时内有效。

文件里有错会告诉你；只要这个群在文件里读得出来，就不要紧。

退出码：0 打印了，2 没有这个群，或者数据库不能用。""",
    "doctor": """一个家的上线情况、文件里的错，还有这台机器缺什么，正在运行或停了都能看。什么都不改。

退出码：0 一切正常，1 有事要处理，2 家或数据库不能用。""",
    "export": """把一个群的成员、账本、每日统计和决定写成 CSV 表格，打成一个压缩包。里面有成员数据。

社群文件里有错不要紧，群已经不在文件里也不要紧。

退出码：0 写好了，2 没有这个群，或者数据库、文件不能用。""",
    "person": """看一个账号是谁、在哪些群里，把存的关于这个人的一切写进文件，或者忘记这个人。

社群文件里写了什么、有没有错，都不要紧。

退出码：0 做完了，1 没做，2 没人有这个账号，或者数据库、密钥、文件不能用。""",
    "backup": """把家的 SQLite 文件按这一刻的样子，备份成一个文件。里面有成员数据。

上线时也能备份，谁也不用等。备份先检查过才留下。PostgreSQL 请用 pg_dump 备份。

退出码：0 写好了，2 数据库不是文件或者坏了，或者备份写不进去。""",
    "restore": """用备份换掉家的 SQLite 文件。先停掉所有在服务这个家的进程。

备份先检查过再用，它自己不变。原来的文件换个名字留在旁边。备份之后被忘记的人，会再忘记一次。
PostgreSQL 请用 pg_restore 或 psql 恢复。

退出码：0 恢复好了，2 备份或者家不能用。""",
    "copy": """把一个 SQLite 文件里的一切拷进这个家的 PostgreSQL 数据库，那个数据库必须是空的。
先停掉所有写这个文件的进程。

数据库由 YAJI_DATABASE_URL 或 yaji.yaml 的 storage.url 指定。原来的文件什么也不少；结构旧的先升级。

退出码：0 拷好了，2 两边有一边不能用，或者数据库不是空的。""",
    "scheduler": """给到点的事打铃，直到停下为止（Ctrl-C、SIGTERM）。同时跑几个都行。

Redis 由 YAJI_REDIS_URL 指定；没设就在家的 data 文件夹里起一个私有的 redis-server。没有 worker
应答时，scheduler 自己动手。数据库由 YAJI_DATABASE_URL 指定。

退出码：0 停下了，2 家或数据库不能用。""",
    "worker": """应答一个队列的铃，直到停下为止（Ctrl-C、SIGTERM）。同时跑几个都行。

Redis 和数据库由 YAJI_REDIS_URL、YAJI_DATABASE_URL 指定，要和 scheduler 的一样。

退出码：0 停下了，2 启动不了，3 这里没有 Redis（所有工作都由 scheduler 自己做）。""",
    "jobs": "什么到点了、在等、失败了、被搁下；再试一次，或者放弃。",
    "jobs retry": "失败的消息再发一次，或者马上给一个定时打铃。做不到时退出码为 1。",
    "jobs cancel": "放弃一条在等或失败的消息、一个定时，或者一件搁下的事件。做不到时退出码为 1。",
}
OPTIONS: Final[Mapping[str, str]] = {
    "Print one JSON object for programs.": "打印一个给程序读的 JSON。",
    "Print the JSON Schema of community files.": "打印社群文件的 JSON Schema。",
    "Show this message and exit.": "显示这份说明。",
    "Tests whose name holds this.": "只跑名字里有这几个字的测试。",
    "The folder to write; new or empty.": "写到哪个文件夹：新的，或者空的。",
    "The home: a folder with communities/*.yaml.": "家：放着 communities/*.yaml 的文件夹。",
    "The home: a folder with tests/*.yaml.": "家：放着 tests/*.yaml 的文件夹。",
    "Which community to begin with.": "从哪种社群开始。",
    "a name or account that is a bot; may be repeated": "哪个名字或账号是机器人；可以写多次",
    "a truth.json to compare the hits with": "用来核对命中的 truth.json",
    "an account of theirs, like telegram:10001": "TA 的一个账号，例如 telegram:10001",
    "as `yaji jobs` shows it": "`yaji jobs` 里显示的编号",
    "clock of times that name no zone, such as Asia/Shanghai; the group's if left out": (
        "没写时区的时间按哪里的钟，例如 Asia/Shanghai；不写就按群的"
    ),
    "do not ask again": "不再确认",
    "forget them, as by /forgetme": "忘记这个人，和 /forgetme 一样",
    "have updates delivered to web.public_url, whatever yaji.yaml says": (
        "让更新送到 web.public_url，不管 yaji.yaml 怎么写"
    ),
    "log every step": "每一步都记日志",
    "print one JSON object for programs": "打印一个给程序读的 JSON",
    "processes that build digests; 0: this one builds them itself": "做摘要的进程数；0 表示由本进程自己做",
    "replace a file that is there": "文件已经有了就替换",
    "replace every name in the report": "报告里的名字全部换成化名",
    "rows of each kind": "每种显示几行",
    "so many days up to the last one; 30 if left out": "到最后一天为止一共几天；不写是 30",
    "tell about this exported history, in place of what was served": "说这份导出的历史，不说上线以来的",
    "tell health and Prometheus metrics there, like 127.0.0.1:9100": (
        "在这里报告健康状况和 Prometheus 指标，例如 127.0.0.1:9100"
    ),
    "tell health and Prometheus metrics there, like 127.0.0.1:9101": (
        "在这里报告健康状况和 Prometheus 指标，例如 127.0.0.1:9101"
    ),
    "tell which version this is": "这是哪个版本",
    "the SQLite file": "SQLite 文件",
    "the backup": "备份文件",
    "the file to write": "要写的文件",
    "the ZIP archive to write": "要写的 ZIP 压缩包",
    "the exported history": "导出的历史",
    "the exported history to tell about": "要说的那份导出的历史",
    "the first day, like 2026-03-01": "第一天，例如 2026-03-01",
    "the folder for the home, the history and the reports": "放家、历史和报告的文件夹",
    "the folder for the texts and the pictures": "放文字和图的文件夹",
    "the group's key, as in communities/*.yaml": "群的键，就是 communities/*.yaml 里写的",
    "the group's key; all groups if left out": "群的键；不写就是所有群",
    "the group's key; needed if the home has several": "群的键；家里有几个群时要写",
    "the home as it is now, to tell what the change to --home would do": (
        "现在的家，用来说明改成 --home 之后会有什么不同"
    ),
    "the home with the communities": "放着社群的家",
    "the home, here or after `yaji jobs`": "家；写在这里，或者写在 `yaji jobs` 后面",
    "the last day; the last whole one if left out": "最后一天；不写就是过完的最近一天",
    "timers or digests: one queue for each worker": "timers 或 digests：每个 worker 管一个队列",
    "which chat of a file that holds several: its name or id": "文件里有几个聊天时，是哪一个：名字或编号",
    "which digest; all of them if left out": "哪份摘要；不写就是全部",
    "write all that is stored about them as JSON": "把存的关于 TA 的一切写成 JSON",
    "write the numbers as JSON": "把数字写成 JSON",
    "write the numbers as one HTML file": "把数字写成一个 HTML 文件",
    "write the report as one HTML file": "把报告写成一个 HTML 文件",
    "write the whole report as JSON": "把整份报告写成 JSON",
    "yaji, telegram, chatlab, chatlog, gitter, irc; told by content if left out": (
        "yaji、telegram、chatlab、chatlog、gitter、irc；不写就看内容判断"
    ),
    "zh or en; from $LANG when left out.": "zh 或 en；不写就看 $LANG。",
}
