"""A running process -> the same process without any way to the network.

MediaPipe 1.x carries a usage-metrics uploader with no documented off switch. A
person's videos and habits stay on their machine, so the process that loads it first
gives up the network for good. Two layers, either of which is enough:

* an empty network namespace: no interface, no route, nothing to reach;
* a system-call filter: no socket can be made at all, so that not even a question to
  the name server is attempted, nor handed to a resolver service on this machine.

Both are Linux's. Elsewhere `cut_network` says plainly that it could do nothing.
"""

from __future__ import annotations

import ctypes
import os
import platform
import socket
import sys
from typing import NamedTuple

_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER = 1
_SECCOMP_FILTER_FLAG_TSYNC = 1  # also for threads that already run
_BPF_LOAD, _BPF_EQUAL, _BPF_AT_LEAST, _BPF_RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # 13 is EACCES
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4  # offsets within struct seccomp_data
_X32_CALLS = 0x40000000  # a second numbering of the same calls on x86-64
_IO_URING_SETUP = 425


class _Calls(NamedTuple):
    audit: int
    seccomp: int
    socket: int


_CALLS = {
    "x86_64": _Calls(audit=0xC000003E, seccomp=317, socket=41),
    "aarch64": _Calls(audit=0xC00000B7, seccomp=277, socket=198),
}


class Isolation(NamedTuple):
    """Whether a process is cut off from the network, and by what, in plain words."""

    is_isolated: bool
    how: str


def cut_network() -> Isolation:
    """Give up the network in this process for good, and try whether it is gone.

    Call it before anything starts a thread: an unprivileged process with several
    threads is refused a namespace of its own.

    Returns
    -------
    Isolation
        `is_isolated` tells what the trial showed, not what was asked for.
    """
    if sys.platform != "linux":
        return Isolation(
            is_isolated=False,
            how=f"{platform.system()} gives a process no way to give up the network; "
            "a firewall rule for Python can.",
        )
    layers = []
    if _leave_network_namespace():
        layers.append("it is alone in an empty network namespace")
    if _refuse_sockets():
        layers.append("the kernel refuses it every socket")
    if _can_connect():
        return Isolation(
            is_isolated=False,
            how="this system allows neither network namespaces nor system-call "
            "filters here; a firewall rule can stand in for them.",
        )
    return Isolation(is_isolated=True, how=" and ".join(layers))


def _leave_network_namespace() -> bool:
    alone = _CLONE_NEWNET if os.geteuid() == 0 else _CLONE_NEWNET | _CLONE_NEWUSER
    status: int = ctypes.CDLL(None).unshare(alone)
    return status == 0


def _refuse_sockets() -> bool:
    """Install the filter; False where the kernel or the processor does not know it."""
    calls = _CALLS.get(platform.machine())
    if calls is None:
        return False
    program = _program(
        (_BPF_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_BPF_EQUAL, 0, 4, calls.audit),  # another numbering: refuse
        (_BPF_LOAD, 0, 0, _NUMBER_AT),
        (_BPF_AT_LEAST, 2, 0, _X32_CALLS),
        (_BPF_EQUAL, 1, 0, calls.socket),
        (_BPF_EQUAL, 0, 1, _IO_URING_SETUP),  # it can open sockets of its own
        (_BPF_RETURN, 0, 0, _REFUSE),
        (_BPF_RETURN, 0, 0, _ALLOW),
    )
    libc = ctypes.CDLL(None)
    # Without this promise only root may install a filter.
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    libc.syscall.restype = ctypes.c_long
    installed: int = libc.syscall(
        ctypes.c_long(calls.seccomp),
        ctypes.c_ulong(_SECCOMP_SET_MODE_FILTER),
        ctypes.c_ulong(_SECCOMP_FILTER_FLAG_TSYNC),
        ctypes.byref(program),
    )
    return installed == 0


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (
        ("length", ctypes.c_uint16),
        ("instructions", ctypes.POINTER(_Instruction)),
    )


def _program(*instructions: tuple[int, int, int, int]) -> _Program:
    """Return a filter; jumps count the instructions that are passed over."""
    listed = [_Instruction(*instruction) for instruction in instructions]
    return _Program(len(listed), (_Instruction * len(listed))(*listed))


def _can_connect() -> bool:
    """Try to reach this very machine: with no network not even that works."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
            trial.connect(("127.0.0.1", 9))  # UDP: nothing is sent by connecting
    except OSError:
        return False
    return True
