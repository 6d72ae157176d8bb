# SPDX-License-Identifier: BSD-2-Clause
"""Runs inside of gdb, on a board that has not loaded vmm.ko yet: stops when it
has, before its first function runs, and tells gdb where each of its sections lies.
HYP is among them, at the same addresses in HYP mode. Its lines and variables are in a
file of its own. The variables vmm_ko, hyp_o and kernel are the files' names."""
import struct

import gdb

SHF_ALLOC, STT_SECTION = 2, 3
SYMBOL = struct.Struct("<IIIBBH")
# struct module: the state and a list's two pointers come first.
NAME, NAME_LENGTH = 12, 8


def sections(path):
    """index -> name, of what is in memory."""
    with open(path, "rb") as file:
        data = file.read()
    at, = struct.unpack_from("<I", data, 32)
    size, count, names = struct.unpack_from("<3H", data, 46)
    headers = [struct.unpack_from("<6I", data, at + i * size)
               for i in range(count)]
    text = headers[names][4]

    def name(offset):
        return data[text + offset:data.index(b"\0", text + offset)].decode()
    return {i: name(h[0]) for i, h in enumerate(headers)
            if h[2] & SHF_ALLOC and h[5]}


def word(address):
    return struct.unpack("<I", gdb.selected_inferior().read_memory(
        address, 4))[0]


def addresses(module):
    """index -> where the kernel has put it, by the symbols of sections, which
    it keeps until the module has been initialized."""
    table = word(module + symbols_offset)
    memory = gdb.selected_inferior().read_memory(
        word(table), word(table + 4) * SYMBOL.size)
    found = {}
    for _, value, _, info, _, index in SYMBOL.iter_unpack(bytes(memory)):
        if info & 15 == STT_SECTION:
            found[index] = value
    return found


def add_symbols(module):
    where = addresses(module)
    named = {name: where[i] for i, name in sections(vmm_ko).items()
             if i in where}
    for path in (vmm_ko, hyp_o):
        words = [f"-s {name} {named[name]:#x}"
                 for name in sections(path).values() if name in named]
        gdb.execute(f"add-symbol-file {path} " + " ".join(words),
                    to_string=True)
    print("vmm.ko is loaded, and gdb knows where: its functions and HYP's can "
          "have breakpoints.")


class Loaded(gdb.Breakpoint):
    """do_init_module(), which is called for each module."""

    def stop(self):
        module = int(gdb.parse_and_eval("(unsigned int)$r0"))
        return bytes(gdb.selected_inferior().read_memory(
            module + NAME, NAME_LENGTH)).startswith(b"vmm\0")


def on_stop(event):
    if getattr(event, "breakpoints", None) == [loaded]:
        module = int(gdb.parse_and_eval("(unsigned int)$r0"))
        gdb.events.stop.disconnect(on_stop)
        loaded.enabled = False
        add_symbols(module)


gdb.execute("set confirm off")
gdb.execute("set pagination off")
# The module's own description of struct module is that of its kernel.
gdb.execute(f"symbol-file {vmm_ko}", to_string=True)
symbols_offset = int(gdb.parse_and_eval(
    "(unsigned int)&((struct module *)0)->kallsyms"))
gdb.execute(f"file {kernel}", to_string=True)
# Its first instruction: R0 is still the argument.
loaded = Loaded("*do_init_module")
gdb.events.stop.connect(on_stop)
