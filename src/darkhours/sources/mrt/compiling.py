"""Turns a kernel into machine code by numba; only where none was kept."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from darkhours.model.errors import ConfigError
from darkhours.sources.mrt.objects import loader

_ALONE = {"_nrt": False, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
"""Without counting of references: kernels make no arrays, and counting them at every call took seven
eighths of the time. And without ways in from Python: only kernels call it."""
_SPEED = 3
_EVERYWHERE = frozenset({"memset", "memcpy", "memmove", "memcmp", "bcmp"})
"""What machine code may ask of the process that loads it."""
Function = Callable[..., Any]


def part(function: Function) -> Function:
    """Return the function for other kernels to call.

    Raises:
        ConfigError: the extra is not installed.
    """
    made: Function = _numba().njit(nogil=True, **_ALONE)(function)
    return made


def plain(function: Function, folder: str | None = None) -> Function:
    """Return the function as the compiler makes it for Python, with all that the compiler can check.

    Args:
        function: a kernel.
        folder: where the compiler keeps it for later processes; None for nowhere.

    Raises:
        ConfigError: the extra is not installed.
    """
    numba = _numba()
    before, numba.config.CACHE_DIR = numba.config.CACHE_DIR, folder or ""
    try:
        made: Function = numba.njit(cache=folder is not None, nogil=True, _nrt=False)(function)
    except RuntimeError:  # nothing can be written
        made = numba.njit(nogil=True, _nrt=False)(function)
    finally:
        numba.config.CACHE_DIR = before
    return made


def compile_entry(function: Function, args: tuple[object, ...], n_results: int) -> tuple[str, bytes]:
    """Return the name of a function and its machine code, which needs no numba to run.

    It reads its arguments from an array of 64-bit words: a number is one of them, an array its address
    and its shape; results stand in the two words behind. The compiler gives its text, all of it in one piece;
    what other functions of it are called no longer matters, so they are inlined or renamed by a second pass,
    and nothing must be left that only numba could provide.

    Args:
        function: a kernel.
        args: what it is called with: numbers, arrays, and named tuples of arrays.
        n_results: numbers that it returns, 0 to 2.

    Raises:
        ConfigError: the extra is not installed.
        RuntimeError: something is left: the kernel raises or allocates.
    """
    numba = _numba()
    kinds = [_kind_of(value) for value in args]
    outer = _wrap(part(function), _make_unpack(kinds), sum(map(_n_words, args)), n_results)
    words = numba.types.CPointer(numba.types.int64)
    made = numba.cfunc(numba.types.void(words), nopython=True, _nrt=False)(outer)
    return made.native_name, _emit(made.inspect_llvm(), made.native_name)


def _wrap(inner: Function, unpack: Function, end: int, n_results: int) -> Function:
    """Return the function around a kernel that takes it arguments and puts down its results."""

    def nothing(words: Any) -> None:  # noqa: ANN401 — a pointer of the compiler
        inner(*unpack(words))

    def number(words: Any) -> None:  # noqa: ANN401
        words[end] = inner(*unpack(words))

    def pair(words: Any) -> None:  # noqa: ANN401
        words[end], words[end + 1] = inner(*unpack(words))

    return (nothing, number, pair)[n_results]


def _emit(text: str, symbol: str) -> bytes:
    """Return the machine code of the compiler's text."""
    llvm = loader()
    module = llvm.parse_assembly(text)
    for each in (*module.functions, *module.global_variables):
        if not each.is_declaration and each.name != symbol:
            each.linkage = "internal"
    cpu, features = llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(
        cpu=cpu, features=features, opt=_SPEED, reloc="pic", codemodel="jitdefault"
    )
    builder = llvm.create_pass_builder(machine, llvm.create_pipeline_tuning_options(speed_level=_SPEED))
    builder.getModulePassManager().run(module, builder)
    names = [each.name for each in (*module.functions, *module.global_variables) if each.is_declaration]
    needs = {name for name in names if not name.startswith("llvm.")} - _EVERYWHERE
    if needs:
        raise RuntimeError(f"{symbol}: expected a kernel that raises and allocates nothing, it needs {needs}")
    code: bytes = machine.emit_object(module)
    return code


def _n_words(value: object) -> int:
    if isinstance(value, tuple):
        return sum(map(_n_words, value))
    return 1 + value.ndim if isinstance(value, np.ndarray) else 1


def _kind_of(value: object) -> Any:  # noqa: ANN401 — of an extra without types
    """Return the compiler's type of an argument."""
    numba = _numba()
    if isinstance(value, tuple):
        return numba.types.BaseTuple.from_types([_kind_of(each) for each in value], type(value))
    if isinstance(value, np.ndarray):
        return numba.types.Array(numba.from_dtype(value.dtype), value.ndim, "C")
    return numba.types.int64


def _make_unpack(kinds: list[Any]) -> Function:
    """Return a function of the compiler that makes arguments of these types out of words."""
    numba, arrays = _numba(), importlib.import_module("numba.np.arrayobj")
    types, result = numba.types, numba.types.Tuple(kinds)

    def generate(context: Any, builder: Any, _: Any, args: Any) -> Any:  # noqa: ANN401
        long, places = context.get_value_type(types.int64), iter(range(1 << 20))

        def take() -> Any:  # noqa: ANN401
            return builder.load(builder.gep(args[0], [long(next(places))]))

        def build(kind: Any) -> Any:  # noqa: ANN401
            if isinstance(kind, types.BaseTuple):
                return context.make_tuple(builder, kind, [build(each) for each in kind.types])
            if not isinstance(kind, types.Array):
                return take()
            item = context.get_data_type(kind.dtype)
            data, shape = builder.inttoptr(take(), item.as_pointer()), [take() for _ in range(kind.ndim)]
            size = long(context.get_abi_sizeof(item))
            strides = [size]
            for length in reversed(shape[1:]):
                strides.insert(0, builder.mul(strides[0], length))
            array = arrays.make_array(kind)(context, builder)
            arrays.populate_array(array, data, shape, strides, size, None)
            return array._getvalue()  # noqa: SLF001 — as its documentation shows

        return build(result)

    def unpack(_: Any, words: Any) -> Any:  # noqa: ANN401
        return result(words), generate

    made: Function = importlib.import_module("numba.extending").intrinsic(unpack)
    return made


def _numba() -> ModuleType:
    try:
        return importlib.import_module("numba")
    except ImportError as error:
        raise ConfigError("reading MRT needs an extra: pip install 'darkhours[mrt]'") from error
