"""Run a Pulumi program in this process, without engine, account or network, and record its resources."""

import asyncio
import contextlib
import contextvars
import gc
import importlib.machinery
import runpy
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from pathlib import Path
from types import ModuleType
from typing import TypeVar, TypeVarTuple

import pulumi.runtime
from pulumi.runtime import resource as resource_calls
from pulumi.runtime.proto import source_pb2
from pulumi.runtime.settings import ROOT, SETTINGS

from aiplatform.preview.monitor import RecordingMonitor
from aiplatform.preview.plan import Plan

_Arguments = TypeVarTuple("_Arguments")
_Result = TypeVar("_Result")

_READS_STACK = "_get_stack_trace"

ACCOUNT = "123456789012"
"""The account of examples in the AWS documentation."""


def record(
    program: Path,
    *,
    project: str,
    stack: str,
    config: Mapping[str, str],
    account: str = ACCOUNT,
    region: str | None = None,
    heard: Callable[[int], None] | None = None,
    unknown_outputs: bool = False,
) -> Plan:
    """Run a program's `__main__.py` (or the folder that contains it) and return its plan.

    `config` has full keys (`ai-platform:network`) and values as in `pulumi config`. With `unknown_outputs`, outputs of
    the cloud are unknown, as in the first preview of a new stack. An error of the program, also inside an `apply`, is
    raised unchanged. `heard` is called with the number of resources so far. Modules of the program remain imported, so
    that the next stack starts faster.
    """
    file = (program / "__main__.py" if program.is_dir() else program).resolve()

    def build() -> None:
        runpy.run_path(str(file), run_name="__main__")

    with _at_home(file.parent):
        return record_function(
            build,
            project=project,
            stack=stack,
            config=config,
            account=account,
            region=region,
            heard=heard,
            unknown_outputs=unknown_outputs,
        )


def record_function(
    build: Callable[[], object],
    *,
    project: str = "ai-platform",
    stack: str = "test",
    config: Mapping[str, str] | None = None,
    account: str = ACCOUNT,
    region: str | None = None,
    heard: Callable[[int], None] | None = None,
    unknown_outputs: bool = False,
) -> Plan:
    """Run a function that declares resources and return its plan; see `record`."""
    settings = dict(config or {})
    monitor = RecordingMonitor(
        project=project,
        stack=stack,
        account=account,
        region=region or settings.get("aws:region"),
        unknown_outputs=unknown_outputs,
        heard=heard,
    )

    def isolated() -> None:
        ROOT.set(None)
        pulumi.runtime.configure(
            pulumi.runtime.Settings(
                project=project,
                stack=stack,
                monitor=monitor,
                dry_run=unknown_outputs,
                organization="organization",
                root_directory=str(Path.cwd()),
            )
        )
        pulumi.runtime.set_all_config(settings, secret_keys=[])
        _run(build)

    # Pulumi stores its state in context variables: a copied context separates this run from the caller.
    with _keeping_garbage(), _without_source_positions():
        contextvars.copy_context().run(isolated)
    return monitor.plan()


def _run(build: Callable[[], object]) -> None:
    failures: list[BaseException] = []

    async def program() -> None:
        try:
            build()
        except BaseException as error:
            failures.append(error)
            raise
        await _settled()

    loop = _InlineLoop()
    try:
        loop.run_until_complete(pulumi.runtime.run_in_stack(program))
    except BaseException as error:
        # Outputs that depend on the failed resource fail with the same error, which is reported once, below.
        loop.set_exception_handler(lambda _loop, _context: None)
        failures.append(error)
    finally:
        _close(loop, interrupted=any(not isinstance(one, Exception) for one in failures))
    if failures:
        # The program's own error takes precedence over failed registrations that follow from it.
        failure = failures[0]
        if failure.__cause__ is failure:
            failure.__cause__ = None
        raise failure


async def _settled() -> None:
    """Wait until every registration has a response, one after the other.

    Pulumi waits for the first of all outstanding registrations repeatedly, in quadratic time. It reports errors that
    occur here.
    """
    while waiting := [task for task in (*SETTINGS.rpc_manager.rpcs, *SETTINGS.outputs) if not task.done()]:
        for task in waiting:
            if not task.done():
                await asyncio.wait([task])


def _close(loop: asyncio.AbstractEventLoop, *, interrupted: bool) -> None:
    """Cancel what waits and close the loop. After an interrupt nothing waits for it: it may wait for a result that the
    interrupt took away."""
    pending = asyncio.all_tasks(loop)
    for task in pending:
        task.cancel()
    if pending and not interrupted:
        loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
    loop.close()


class _InlineLoop(asyncio.SelectorEventLoop):
    """Runs calls for another thread immediately: the monitor never blocks, and one thread preserves their order."""

    def run_in_executor(
        self,
        executor: Executor | None,  # noqa: ARG002 - the base class's signature
        func: Callable[[*_Arguments], _Result],
        *args: *_Arguments,
    ) -> asyncio.Future[_Result]:
        """Return the result as a completed future."""
        future: asyncio.Future[_Result] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:
            future.set_exception(error)
        return future


@contextlib.contextmanager
def _keeping_garbage() -> Iterator[None]:
    """Disable garbage collection: nearly all objects live until the end, and a collection would double the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextlib.contextmanager
def _without_source_positions() -> Iterator[None]:
    """Disable source positions: the SDK reads the whole call stack of each resource, and only an engine uses it.

    This saves a fifth of the time of a recording. If a release of the SDK renames the function, only that time is lost.
    """
    read = getattr(resource_calls, _READS_STACK, None)
    if read is None:
        yield
        return
    setattr(resource_calls, _READS_STACK, source_pb2.StackTrace)
    try:
        yield
    finally:
        setattr(resource_calls, _READS_STACK, read)


@contextlib.contextmanager
def _at_home(folder: Path) -> Iterator[None]:
    """Set working folder and module path to the program's folder, as `pulumi up` does."""
    aside = _namesakes(folder)
    for name in aside:
        del sys.modules[name]
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path.remove(str(folder))
        tops = {name.partition(".")[0] for name in aside}
        for name in [name for name in sys.modules if name.partition(".")[0] in tops]:
            del sys.modules[name]
        sys.modules.update(aside)


def _namesakes(folder: Path) -> dict[str, ModuleType]:
    """Return loaded modules of another program that have the names of this program's modules."""
    own = {path.stem for path in folder.glob("*.py")} | {path.parent.name for path in folder.glob("*/__init__.py")}
    foreign = {name for name in own - sys.stdlib_module_names - {"__main__"} if _is_foreign(name, folder)}
    return {name: module for name, module in sys.modules.items() if name.partition(".")[0] in foreign}


def _is_foreign(name: str, folder: Path) -> bool:
    spec: importlib.machinery.ModuleSpec | None = getattr(sys.modules.get(name), "__spec__", None)
    return spec is not None and spec.origin is not None and not Path(spec.origin).resolve().is_relative_to(folder)
