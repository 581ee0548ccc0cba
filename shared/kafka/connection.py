"""One fault of aiokafka on uvloop is mended here: https://github.com/aio-libs/aiokafka/issues/1038.

For a turn or two of the loop after the broker reset a connection, aiokafka takes it for open. To write to it is
harmless with asyncio; uvloop raises RuntimeError, for which aiokafka is not prepared: the task that keeps its metadata
ends without a word, and whoever asks for new metadata, as each look-up of a coordinator does, waits for ever. So a
connection of which there is nothing left says what it is: broken.
"""

from functools import wraps

from aiokafka.conn import AIOKafkaConnection, CloseReason
from aiokafka.errors import KafkaConnectionError, KafkaError

_send = AIOKafkaConnection.send


@wraps(_send)
def _send_or_break(self: AIOKafkaConnection, request: object, expect_response: bool = True) -> object:
    try:
        return _send(self, request, expect_response)
    except KafkaError:  # a RuntimeError too, which says what it is
        raise
    except RuntimeError as error:
        self.close(reason=CloseReason.CONNECTION_BROKEN, exc=error)
        raise KafkaConnectionError(f"Connection at {self.host}:{self.port} broken: {error}") from error


def mend() -> None:
    """From now on, in this process."""
    AIOKafkaConnection.send = _send_or_break
