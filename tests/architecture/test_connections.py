"""Nothing is sent to a reader while a connection of a pool is held; clients of Kafka are made in one place."""

import ast
from collections.abc import Iterator

from .code import Module, modules

#: Where an answer is made.
WEB = list(modules("services", "shared/http", "shared/projections", "shared/directory", "shared/web"))


def yields_while_held(tree: ast.Module) -> Iterator[str]:
    """Where something is given on inside `async with ….acquire()`; a lifespan gives nothing to a reader."""
    for function in ast.walk(tree):
        if isinstance(function, ast.AsyncFunctionDef) and not function.decorator_list:
            for block in ast.walk(function):
                if isinstance(block, ast.AsyncWith) and any(
                    isinstance(call, ast.Call) and ast.unparse(call.func).endswith(".acquire")
                    for item in block.items
                    for call in ast.walk(item.context_expr)
                ):
                    for node in ast.walk(block):
                        if isinstance(node, ast.Yield | ast.YieldFrom) or (
                            isinstance(node, ast.Call) and ast.unparse(node.func) in ("send", "self.send", "response")
                        ):
                            yield f"{function.name}:{node.lineno}"


def streams_of(module: Module) -> Iterator[str]:
    """What is sent piece by piece, as it is made."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("StreamingResponse", "EventStream"):
            yield ast.unparse(node.args[2 if ast.unparse(node.func) == "EventStream" else 0])


def test_nothing_is_sent_while_a_connection_is_held() -> None:
    assert len(WEB) > 100
    for module in WEB:
        assert list(yields_while_held(module.tree)) == [], module.name


def test_what_is_sent_piece_by_piece_is_known() -> None:
    """Each reads by page, or a file that is made: look at a new one before it goes here."""
    streamed = {f"{module.name}: {what}" for module in WEB for what in streams_of(module)}
    assert {one.partition(":")[0] for one in streamed} == {
        "services.monitor.download",
        "services.monitor.observations.routes",
        "shared.http.log_follower",
    }


def test_control_a_connection_held_for_a_reader_is_seen() -> None:
    planted = ast.parse(
        "async def pieces():\n"
        "    async with pool.acquire() as connection, one_moment(connection):\n"
        "        async for piece in rows(connection):\n"
        "            yield piece\n"
    )
    assert list(yields_while_held(planted)) == ["pieces:4"]


def test_clients_of_kafka_are_made_in_one_place() -> None:
    """There they get the time-outs without which one of them could wait for ever."""
    makers = {
        module.name
        for module in modules("services", "shared")
        for call in ast.walk(module.tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("AIOKafka")
    }
    assert makers == {"shared.kafka.clients"}


def test_whatever_has_a_loop_of_its_own_ends_when_that_hangs() -> None:
    """It serves an API, or answers for the health of a relay or worker."""
    processes = {
        module.name: text
        for module in modules("services", "shared")
        for text in [module.path.read_text(encoding="utf-8")]
        if "health_server.serve(" in text or "(uvicorn.Server)" in text
    }
    processes.pop("shared.observability.health_server")  # runs within those
    processes.pop("services.community.pulse.command")  # where there is no pulse it does nothing
    assert len(processes) >= 3
    assert [name for name, text in processes.items() if "end_when_hung(" not in text] == []
